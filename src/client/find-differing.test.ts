import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { deny } from './disk/memory/faults.ts';
import { findDiffering } from './find-differing.ts';
import { scan } from './scan.ts';

let rig: Rig;
let anna: Client;
beforeEach(async () => {
  ({ rig, anna } = pair({ ignore: ['*.tmp'] }));
  for (const path of ['a/deep/f', 'b/g', 'h']) anna.user.write(path, path);
  await rig.settle();
  rig.clock.pass(5_000);
  for (let look = 0; look < 2; look += 1) await scan(anna.session, 'everything');
});

const find = async (): Promise<string[]> =>
  (await findDiffering(anna.session)).map((path) => path.join('/')).sort();

describe('which directories differ', () => {
  it('none, where all is as it was', async () => {
    expect(await find()).toEqual([]);
  });

  it('each that holds something edited, new or gone, however deep', async () => {
    anna.user.write('a/deep/f', 'edited');
    expect(await find()).toEqual(['a/deep']);
    anna.user.write('b/new', 'N');
    expect(await find()).toEqual(['a/deep', 'b']);
    anna.user.remove('h');
    expect(await find()).toEqual(['', 'a/deep', 'b']);
  });

  it('only the one that a new directory is in: what is new is not entered', async () => {
    anna.user.write('new/deep/f', 'F');
    expect(await find()).toEqual(['']);
  });

  it('both that something moved between, and what else changed below what moved, by its new path', async () => {
    anna.user.rename('a/deep', 'b/moved');
    anna.user.write('b/moved/new', 'N');
    expect(await find()).toEqual(['a', 'b', 'b/moved']);
    await rig.settle();
    expect(rig.serverFiles()).toEqual(new Map(Object.entries(anna.files())));
  });

  it('what changed below what moved into a new directory, however deep, by its new path', async () => {
    anna.user.rename('a', 'new/deeper/a');
    anna.user.write('new/deeper/a/deep/f', 'edited');
    anna.user.rename('b', 'new/deeper/a/newer/b');
    anna.user.write('new/deeper/a/newer/b/more', 'M');
    expect(await find()).toEqual(
      ['', 'new/deeper/a', 'new/deeper/a/deep', 'new/deeper/a/newer/b'].sort(),
    );
    await rig.settle();
    expect(rig.serverFiles()).toEqual(new Map(Object.entries(anna.files())));
  });

  it('what changed below what moved into a new one that took a known name', async () => {
    anna.user.rename('a', 'away');
    anna.user.rename('away', 'a/inside');
    anna.user.write('a/inside/deep/f', 'edited');
    expect(await find()).toEqual(['', 'a/inside/deep']);
    await rig.settle();
    expect(rig.serverFiles()).toEqual(new Map(Object.entries(anna.files())));
  });

  it('where two known things have one name, as a scan that was cut off leaves them', async () => {
    anna.user.remove('b');
    anna.user.write('b', 'a file now');
    let records = 0;
    anna.onState = (call) => {
      if (call === 'record') records += 1;
      if (call === 'record' && records === 2) throw new Error('killed');
    };
    await expect(scan(anna.session, 'everything')).rejects.toThrow('killed');
    anna.onState = () => undefined;
    anna.restart();
    rig.clock.pass(5_000);
    expect(await find()).toContain('');
    await scan(anna.session, 'everything');
    const names = anna.session.state.childrenSeen('root').map(({ name }) => name);
    expect(names.sort()).toEqual(['a', 'b', 'h']);
  });

  it('where something else has a known name: another kind, another inode', async () => {
    anna.user.remove('a');
    anna.user.write('a', 'a file now');
    expect(await find()).toEqual(['']);
  });

  it('where something known is ignored now; not for what was ignored before', async () => {
    anna.user.write('b/y.tmp', 'Y');
    expect(await find()).toEqual([]);
    anna.user.rename('b/g', 'b/g.tmp');
    expect(await find()).toEqual(['b']);
  });

  it('[M8] where something is beyond us, and where it was when it no longer is', async () => {
    anna.user.makePipe('b/pipe');
    expect(await find()).toEqual(['b']);
    await scan(anna.session, 'everything');
    expect(anna.session.problems.all()).toMatchObject([{ path: 'b/pipe' }]);
    anna.user.remove('b/pipe');
    expect(await find()).toEqual(['b']);
    await scan(anna.session, 'everything');
    expect(anna.session.problems.all()).toEqual([]);
    expect(await find()).toEqual([]);
  });

  it('[B11] what cannot be listed, until it can be again', async () => {
    anna.fault = deny(['a']);
    expect(await find()).toEqual(['a']);
    await scan(anna.session, 'everything');
    expect(anna.session.problems.all()).toMatchObject([{ path: 'a', code: 'denied' }]);
    anna.fault = () => undefined;
    await scan(anna.session, 'everything');
    expect(anna.session.problems.all()).toEqual([]);
    expect(await find()).toEqual([]);
  });

  it('[B11] everything, when what could not be listed for a moment is listed by who looks there', async () => {
    anna.user.write('a/deep/f', 'edited');
    let lists = 0;
    anna.fault = (step, path) => {
      if (step !== 'list' || path.join('/') !== 'a') return undefined;
      lists += 1;
      return lists === 1 ? 'unreadable' : undefined;
    };
    await scan(anna.session, 'everything');
    expect([anna.session.problems.all(), anna.session.lookAgain.take()]).toEqual([
      [],
      'everything',
    ]);
    await scan(anna.session, 'everything');
    expect([anna.session.unlisted.size, anna.session.lookAgain.take()]).toEqual([0, []]);
    await rig.settle();
    expect(rig.serverFiles().get('a/deep/f')).toBe('edited');
  });

  it('[M8] where something is known of which the last look could tell nothing', async () => {
    const node = anna.session.state.local.find('root', 'h');
    anna.session.unknown.add(node ?? '');
    expect(await find()).toEqual(['']);
  });

  it('what was read in the tick of its last change, for it may have been written to since', async () => {
    anna.user.write('b/g', 'just now');
    rig.clock.step = 0;
    await scan(anna.session, 'everything');
    expect(await find()).toEqual(['b']);
  });
});
