import { describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import { quiet } from './quiet.ts';
import { Rig } from './rig.ts';

const two = (): Rig => new Rig({ clients: ['anna', 'ben'] });

describe('one change', () => {
  it('a new file is on the other client', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('docs/report.txt', 'hello');
    await quiet(rig);
    expect(ben.files()).toEqual({ docs: 'dir', 'docs/report.txt': 'hello' });
  });

  it('an edit, a move and a deletion follow, and the others get exactly that tree', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('a/one', '1');
    anna.user.write('a/two', '2');
    anna.user.write('three', '3');
    await quiet(rig);
    anna.user.write('a/one', '1 again');
    anna.user.rename('a', 'b');
    anna.user.remove('three');
    await quiet(rig);
    expect(ben.files()).toEqual({ b: 'dir', 'b/one': '1 again', 'b/two': '2' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A13] a swap swaps, and sends no content', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('f', 'F');
    anna.user.write('g', 'G');
    await quiet(rig);
    const sent = rig.server.chunks.size;
    const { cursor } = rig.server;
    anna.user.rename('f', 't');
    anna.user.rename('g', 'f');
    anna.user.rename('t', 'g');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'G', g: 'F' });
    expect(rig.server.chunks.size).toBe(sent);
    expect(rig.server.cursor).toBe(cursor + 2);
  });

  it('[A14] an inverted hierarchy inverts, and sends no content', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('a/b/f', 'F');
    await quiet(rig);
    const before = [rig.server.cursor, anna.wire.sent.length, ben.wire.fetched.length];
    anna.user.rename('a/b', 'b');
    anna.user.rename('a', 'b/a');
    await quiet(rig);
    expect(ben.files()).toEqual({ b: 'dir', 'b/a': 'dir', 'b/f': 'F' });
    const after = [rig.server.cursor, anna.wire.sent.length, ben.wire.fetched.length];
    expect(after).toEqual([(before[0] ?? 0) + 2, before[1], before[2]]);
  });

  it('[A23] a file becomes a directory of its name, and back', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('x', 'file');
    await quiet(rig);
    anna.user.remove('x');
    anna.user.write('x/inside', 'deep');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'dir', 'x/inside': 'deep' });
    expect([...trashOf(ben.user).values()]).toEqual(['file']);
    anna.user.remove('x');
    anna.user.write('x', 'file again');
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'file again' });
    expect([...trashOf(ben.user).values()].sort()).toEqual(['deep', 'file']);
  });

  it('[C04] a save by temporary and rename stays one node', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('f', 'old');
    await quiet(rig);
    const node = rig.server.tree.find('root', 'f');
    const { cursor } = rig.server;
    anna.user.write('.f.swp', 'new');
    anna.user.rename('.f.swp', 'f');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'new' });
    expect(rig.server.tree.find('root', 'f')).toBe(node);
    expect(rig.server.cursor).toBe(cursor + 1);
    expect([...trashOf(ben.user).values()]).toEqual(['old']);
  });
});

describe('conflicts', () => {
  it('[A01] the newer keeps the path, the other is beside it, on both', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'from anna');
    rig.clock.pass(5000);
    ben.user.write('f', 'from ben');
    await quiet(rig);
    expect(Object.values(anna.files()).sort()).toEqual(['from anna', 'from ben']);
    expect(anna.files().f).toBe('from ben');
    expect(ben.files()).toEqual(anna.files());
  });

  it.each([undefined, 'v0'])(
    '[A02] the same bytes are no conflict (before: %s)',
    async (before) => {
      const rig = two();
      const [anna, ben] = [rig.client('anna'), rig.client('ben')];
      if (before !== undefined) anna.user.write('f', before);
      await quiet(rig);
      const { cursor } = rig.server;
      const work = [ben.wire.sent.length, ben.wire.fetched.length];
      anna.user.write('f', 'same');
      rig.clock.pass(5000);
      ben.user.write('f', 'same');
      await quiet(rig);
      expect(anna.files()).toEqual({ f: 'same' });
      expect(ben.files()).toEqual({ f: 'same' });
      expect(rig.server.cursor - cursor).toBeLessThanOrEqual(2); // The content, and perhaps its later time.
      expect([ben.wire.sent.length, ben.wire.fetched.length]).toEqual(work);
    },
  );

  it('[A03] an edit beats a deletion', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('d/f', 'v0');
    anna.user.write('d/g', 'g');
    await quiet(rig);
    anna.user.write('d/f', 'edited');
    ben.user.remove('d');
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'edited' });
    expect(ben.files()).toEqual(anna.files());
  });
});

describe('what is not synchronized', () => {
  it('[A34] an ignore rule that is added deletes nothing; removed, all unites', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('build/out', 'made');
    await rig.settle();
    ben.restart(['build']);
    await rig.settle();
    anna.user.write('build/out', 'made again');
    await rig.settle();
    expect(anna.files()['build/out']).toBe('made again');
    expect(ben.files()['build/out']).toBe('made');
    ben.restart([]);
    await rig.settle();
    expect(ben.files()['build/out']).toBe('made again');
    expect(anna.files()).toEqual(ben.files());
  });

  it('[A07] ignored things in a deleted directory stay, and the directory does not come back', async () => {
    const rig = new Rig({ clients: ['anna', 'ben'], ignore: ['*.pyc'] });
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('d/sub/f', 'F');
    await rig.settle();
    ben.user.write('d/sub/f.pyc', 'compiled');
    await rig.settle();
    anna.user.remove('d');
    await rig.settle();
    expect(anna.files()).toEqual({});
    expect(ben.files()).toEqual({ d: 'dir', 'd/sub': 'dir', 'd/sub/f.pyc': 'compiled' });
    ben.user.write('d/new', 'visible');
    await rig.settle();
    expect(anna.files()).toEqual({ d: 'dir', 'd/new': 'visible' });
  });

  it('[A07] [S3] nor a thing whose name cannot be synchronized keeps the client from its rest', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('d/f', 'F');
    await rig.settle();
    ben.user.write('d/back\\slash', 'B');
    await rig.settle();
    anna.user.remove('d');
    await rig.settle();
    expect(anna.files()).toEqual({});
    expect(ben.files()).toEqual({ d: 'dir', 'd/back\\slash': 'B' });
  });
});

describe('what was lost', () => {
  it('[B05] a lost state deletes nothing: what is equal is adopted', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('d/f', 'F');
    await quiet(rig);
    ben.forget();
    ben.user.write('d/g', 'G');
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'F', 'd/g': 'G' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B16] a server that was set up anew gets everything back', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('d/f', 'F');
    await quiet(rig);
    rig.server.epoch = 'epoch-2';
    rig.server.forgetAll();
    for (const client of rig.clients) client.restart();
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    expect(ben.files()).toEqual(anna.files());
    expect([...rig.server.tree.ids()]).toHaveLength(2);
  });

  it('[B18] a server that went back in time deletes nothing newer', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('old', 'from before the backup');
    await quiet(rig);
    const backup = rig.server.backUp();
    anna.user.write('old', 'edited after the backup');
    ben.user.write('new', 'made after the backup');
    await quiet(rig);
    rig.server.restore(backup);
    for (const client of rig.clients) client.restart();
    await quiet(rig);
    expect(anna.files()).toMatchObject({
      old: 'edited after the backup',
      new: 'made after the backup',
    });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B02] a directory that was emptied with its marker halts, and deletes nothing', async () => {
    const rig = two();
    const anna = rig.client('anna');
    anna.user.write('f', 'F');
    await rig.settle();
    anna.user.remove('f');
    anna.user.remove('.syncer');
    await expect(anna.round()).rejects.toThrow(/marker/);
    expect([...rig.server.tree.ids()]).toHaveLength(1);
  });
});

describe('what does not hold still', () => {
  it('[C01] a file that is written to all the time keeps no other from being sent', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('a-log', 'begun');
    anna.user.write('b-other', 'O');
    anna.meanwhile = (step) => {
      if (step === 'read a-log') anna.user.append('a-log', '.');
      return undefined;
    };
    await anna.round();
    await ben.round();
    expect(ben.files()).toEqual({ 'b-other': 'O' });
    anna.meanwhile = () => undefined;
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[C02] [C1] a file that changes while others arrive waits, and they do not', async () => {
    const rig = two();
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    for (const name of ['a', 'b', 'c']) anna.user.write(name, `${name} 0`);
    await rig.settle();
    for (const name of ['a', 'b', 'c']) anna.user.write(name, `${name} 1`);
    await anna.round();
    let edits = 0;
    ben.meanwhile = (step) => {
      if (step !== 'look a' || edits === 50) return undefined;
      edits += 1;
      ben.user.write('a', `mine ${edits}`);
      return undefined;
    };
    await ben.round();
    expect(ben.files()).toMatchObject({ b: 'b 1', c: 'c 1' });
    ben.meanwhile = () => undefined;
    await rig.settle();
    expect(Object.values(anna.files()).sort()).toEqual(['a 1', 'b 1', 'c 1', `mine ${edits}`]);
    expect(ben.files()).toEqual(anna.files());
  });
});
