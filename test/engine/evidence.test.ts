import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deny } from '../../src/client/disk/memory/faults.ts';
import { scan } from '../../src/client/scan.ts';
import { nodeAt } from '../../src/core/tree.ts';
import { FAILURES } from '../../src/protocol/failure.ts';
import { quiet } from './quiet.ts';
import { longText, pair } from './rig.ts';
import { CALLS, failCall, failure } from './wire.ts';

// Absence of evidence is no evidence of absence.

const LARGE = { anna: longText(1, 150_000), ben: longText(2, 150_000) };

/** Both have something to tell the other, of every sort; Anna has told hers. Something rotted. */
async function bothBusy() {
  const { rig, anna, ben } = pair();
  for (const name of ['stays', 'anna edits', 'anna deletes', 'anna moves', 'ben edits'])
    anna.user.write(`d/${name}`, name);
  anna.user.write('d/ben deletes', 'ben deletes');
  await quiet(rig);
  anna.user.write('d/anna edits', 'edited by anna');
  anna.user.remove('d/anna deletes');
  anna.user.rename('d/anna moves', 'd/moved');
  anna.user.write('d/large of anna', LARGE.anna);
  ben.user.write('d/ben edits', 'edited by ben');
  ben.user.remove('d/ben deletes');
  ben.user.write('d/large of ben', LARGE.ben);
  ben.user.makeDirectory('empty');
  await anna.round();
  rig.server.rot(createHash('sha256').update('stays').digest('hex'));
  return { rig, anna, ben };
}

const WANTED = {
  d: 'dir',
  'd/anna edits': 'edited by anna',
  'd/ben edits': 'edited by ben',
  'd/large of anna': LARGE.anna,
  'd/large of ben': LARGE.ben,
  'd/moved': 'anna moves',
  'd/stays': 'stays',
  empty: 'dir',
};

describe.each(CALLS)('[B08] while the server cannot be asked for `%s`', (call) => {
  const codes = [...Object.keys(FAILURES), 'unreachable', 'bad_answer', 'a_code_of_the_future'];

  it.each(codes)('%s: nothing is deleted, and the next rounds repair', async (code) => {
    const { rig, anna, ben } = await bothBusy();
    ben.wire.fault = (asked) => (asked === call ? failure(code) : undefined);
    await ben.attempt();
    await ben.attempt();
    expect(ben.wire.count(call)).toBeGreaterThan(0);
    const here = ben.files();
    expect(here).toMatchObject({ d: 'dir', 'd/stays': 'stays', 'd/ben edits': 'edited by ben' });
    expect(here['d/large of ben']).toBe(WANTED['d/large of ben']);
    const there = rig.serverFiles();
    for (const name of ['stays', 'anna edits', 'moved', 'large of anna'])
      expect(there.has(`d/${name}`)).toBe(true);

    ben.wire.heal();
    await quiet(rig);
    expect(ben.files()).toEqual(WANTED);
    expect(anna.files()).toEqual(WANTED);
  });
});

describe('what the server does not say', () => {
  it('[B09] a server that answers with nothing at all deletes nothing', async () => {
    const { rig, anna, ben } = await bothBusy();
    rig.server.forgetAll();
    for (const client of rig.clients) client.session.welcome = undefined;
    await quiet(rig);
    expect(anna.files()).toMatchObject({ 'd/stays': 'stays', 'd/anna edits': 'edited by anna' });
    expect(anna.files()).toMatchObject({ 'd/moved': 'anna moves', 'd/ben edits': 'edited by ben' });
    expect(ben.files()).toEqual(anna.files());
  });

  it.each([1, 2, 3, 4])('[B10] without page %i nothing is decided', async (page) => {
    const { rig, anna, ben } = pair({ server: { page: 2 } });
    for (const name of 'abcdefgh') anna.user.write(name, name);
    await quiet(rig);
    for (const name of 'abcd') anna.user.rename(name, `moved ${name}`);
    for (const name of 'efgh') anna.user.write(name, `${name} again`);
    const before = ben.files();
    ben.onPush = () => undefined; // So that nothing comes but what is asked for.
    await anna.round();
    ben.wire.fault = failCall(page, 'unreachable', ['changes']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    expect(ben.files()).toEqual(before);
    const asked = ben.wire.count('changes');
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(ben.wire.count('changes') - asked).toBeGreaterThan(0);
    expect([...rig.server.tree.ids()]).toHaveLength(8);
  });

  it('[B10] [E11] pages that were cut off are followed by what came since', async () => {
    const { rig, anna, ben } = pair({ server: { page: 2 } });
    for (const name of 'abcde') anna.user.write(name, name);
    ben.onPush = () => undefined;
    await anna.round();
    ben.wire.fault = failCall(2, 'unreachable', ['changes']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    anna.user.write('f', 'F');
    await anna.round();
    await ben.round();
    expect(ben.session.state.standing.cursor).toBe(rig.server.cursor);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B17] an older server in a new history: what is newer here is kept and given back', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'from before the backup');
    anna.user.write('gone later', 'G');
    await quiet(rig);
    const backup = rig.server.backUp();
    anna.user.write('f', 'edited after the backup');
    anna.user.remove('gone later');
    ben.user.write('new', 'made after the backup');
    await quiet(rig);
    rig.server.restore(backup);
    rig.server.epoch = 'epoch-2';
    for (const client of rig.clients) client.restart();
    await quiet(rig);
    expect(anna.files()).toMatchObject({
      f: 'edited after the backup',
      new: 'made after the backup',
    });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B21] a download that failed is not offered as a deletion', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', longText(1, 10_000));
    ben.onPush = () => undefined;
    await anna.round();
    const { cursor } = rig.server;
    ben.wire.fault = failCall(1, 'internal', ['fetchChunks']);
    expect(await ben.attempt()).toMatchObject({ code: 'internal' });
    ben.wire.fault = failCall(1, 'not_found', ['fetchChunks']);
    await ben.round();
    expect(ben.session.problems.all()).toMatchObject([{ path: 'f', code: 'not_found' }]);
    expect(rig.server.cursor).toBe(cursor);
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(ben.session.problems.all()).toEqual([]);
  });
});

describe('what the disk does not say', () => {
  it.each(['denied', 'unreadable', 'busy'] as const)(
    '[B11] a directory that is %s is unknown, not empty',
    async (problem) => {
      const { rig, anna, ben } = pair();
      anna.user.write('d/deep/f', 'F');
      anna.user.write('g', 'G');
      await quiet(rig);
      const { cursor } = rig.server;
      anna.fault = deny(['d'], problem);
      anna.user.write('h', 'H');
      await rig.settle();
      expect(anna.session.problems.all()).toMatchObject([{ path: 'd', code: problem }]);
      expect(ben.files()).toEqual({ d: 'dir', 'd/deep': 'dir', 'd/deep/f': 'F', g: 'G', h: 'H' });
      expect(rig.server.cursor).toBe(cursor + 1);

      anna.fault = () => undefined;
      anna.user.remove('d/deep/f');
      await quiet(rig);
      expect(anna.session.problems.all()).toEqual([]);
      expect(ben.files()).toEqual({ d: 'dir', 'd/deep': 'dir', g: 'G', h: 'H' });
    },
  );

  it('[B11] it is told of as long as it is so, wherever is looked', async () => {
    const { rig, anna } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    const problems = (): string[] => anna.session.problems.all().map(({ path }) => path);
    anna.fault = deny(['d']);
    await scan(anna.session, [['d']]);
    expect(problems()).toEqual(['d']);
    anna.user.write('g', 'G');
    await scan(anna.session, [[]]);
    expect(problems()).toEqual(['d']);
    anna.fault = () => undefined;
    await scan(anna.session, [['d']]);
    expect(problems()).toEqual([]);
  });

  it('[B11] what others delete in a directory that cannot be entered waits', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.fault = deny(['d']);
    ben.user.remove('d');
    await rig.settle();
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    expect(ben.files()).toEqual({});
    anna.fault = () => undefined;
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{}, {}]);
  });

  it('[D16] chunks of an old version that is no longer there are fetched, and blamed on nobody', async () => {
    const { rig, anna, ben } = pair();
    const old = longText(1, 3_000_000);
    anna.user.write('f', old);
    await quiet(rig);
    anna.user.write('f', `${old} and more`);
    await anna.round();
    let reads = 0;
    ben.meanwhile = (step) => {
      if (step !== 'read f') return undefined;
      reads += 1;
      if (reads === 1) ben.user.write('f', longText(2, 3_000_000));
      return undefined;
    };
    await ben.round();
    expect(reads).toBeGreaterThan(0);
    expect(ben.session.problems.all()).toEqual([]);
    await quiet(rig);
    expect(Object.keys(ben.files())).toHaveLength(2);
    expect(anna.files()).toEqual(ben.files());
  });

  it('[M8] [S2] what cannot be read is deleted on neither side, and neither is what it is in', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    anna.user.write('d/g', 'G');
    await quiet(rig);
    ben.fault = (step, path) => (step === 'read' && path[1] === 'f' ? 'unreadable' : undefined);
    ben.user.write('d/f', 'edited, and unreadable');
    anna.user.remove('d');
    await anna.round();
    await ben.round();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'edited, and unreadable' });
    expect([...rig.serverFiles()]).toEqual([['d', 'dir']]);
    ben.fault = () => undefined;
    await quiet(rig);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'edited, and unreadable' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B11] the directory itself is unreadable: nothing is deleted', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.fault = (step) => (step === 'list' ? 'unreadable' : undefined);
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    expect(anna.session.problems.all()).toMatchObject([{ code: 'unreadable' }]);
  });

  it('[B12] one file that cannot be read is left out, known or new; the others go on', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('known', 'v0');
    await quiet(rig);
    anna.user.write('known', 'v1');
    anna.user.write('new', 'N');
    anna.user.write('other', 'O');
    anna.fault = (step, path) =>
      step === 'read' && path[0] !== 'other' ? 'unreadable' : undefined;
    await rig.settle();
    expect(ben.files()).toEqual({ known: 'v0', other: 'O' });
    expect(anna.session.problems.all().map(({ path, code }) => [path, code])).toEqual([
      ['known', 'unreadable'],
      ['new', 'unreadable'],
    ]);
    anna.fault = () => undefined;
    await quiet(rig);
    expect(ben.files()).toEqual({ known: 'v1', new: 'N', other: 'O' });
    expect(anna.session.problems.all()).toEqual([]);
  });

  it('[B12] what cannot be read is no free name: what the server has there waits, the rest goes on', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('same', 'cannot be read');
    anna.user.write('mine', 'M');
    ben.user.write('same/inside', 'deep');
    ben.user.write('theirs', 'T');
    anna.fault = (step, path) => (step === 'read' && path[0] === 'same' ? 'denied' : undefined);
    await ben.round();
    await rig.settle();
    expect(anna.files()).toEqual({ same: 'cannot be read', mine: 'M', theirs: 'T' });
    expect(ben.files()).toMatchObject({ mine: 'M', 'same/inside': 'deep' });
    anna.fault = () => undefined;
    await quiet(rig);
    expect(Object.values(anna.files()).sort()).toEqual(['M', 'T', 'cannot be read', 'deep', 'dir']);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[M8] [C27] where a directory was is something else for a while: all in it stays what it was', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    anna.user.setTime('d/f', Date.UTC(2025, 0, 1));
    await quiet(rig);
    const { cursor } = rig.server;
    const nodes = [['d'], ['d', 'f']].map((path) => nodeAt(rig.server.tree, path));
    anna.user.remove('d');
    anna.user.makePipe('d');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F' });
    anna.user.remove('d');
    anna.user.write('d/f', 'F');
    anna.user.setTime('d/f', Date.UTC(2025, 0, 1));
    await quiet(rig);
    expect([['d'], ['d', 'f']].map((path) => nodeAt(rig.server.tree, path))).toEqual(nodes);
    expect(rig.server.cursor).toBe(cursor);
  });

  it('[C27] a pipe is no free name either', async () => {
    const { rig, anna, ben } = pair();
    anna.user.makePipe('p');
    anna.user.write('mine', 'M');
    ben.user.write('p', 'a file');
    await ben.round();
    await rig.settle();
    expect(anna.files()).toEqual({ p: 'pipe', mine: 'M' });
    expect(ben.files()).toEqual({ p: 'a file', mine: 'M' });
    anna.user.remove('p');
    await quiet(rig);
    expect(anna.files()).toEqual({ p: 'a file', mine: 'M' });
  });

  it('[B22] every file touched: the times are told, and no content is sent', async () => {
    const { rig, anna, ben } = pair();
    const names = Array.from({ length: 20 }, (_, index) => `d/${index}`);
    for (const name of names) anna.user.write(name, name);
    await quiet(rig);
    const before = [anna.wire.sent.length, ben.wire.fetched.length];
    const time = Date.UTC(2025, 5, 6, 7, 8, 9, 123);
    for (const name of names) anna.user.setTime(name, time);
    await quiet(rig);
    expect([anna.wire.sent.length, ben.wire.fetched.length]).toEqual(before);
    for (const name of names)
      expect(await ben.disk.look(name.split('/'))).toMatchObject({ mtime: time });
    expect(
      [...rig.server.tree.entries()].filter(([, { name }]) => name.includes('conflict')),
    ).toEqual([]);
  });
});
