import { describe, expect, it } from 'vitest';
import { deny } from '../../src/client/disk/memory/faults.ts';
import type { Refusal } from '../../src/protocol/commit.ts';
import { quiet } from './quiet.ts';
import { type Client, longText, pair } from './rig.ts';

const problemsOf = ({ session }: Client): [path: string, code: string][] =>
  session.problems.all().map(({ path, code }) => [path, code]);

/** The server takes only files that end so, from the next contact on. */
function allowOnly(client: Client, allowedExtensions: readonly string[] | undefined): void {
  const { welcome } = client.session;
  if (welcome === undefined) throw new Error('The server was met before.');
  client.session.welcome = { ...welcome, allowedExtensions };
}

describe('[S11] a problem holds one path', () => {
  it('a file that is too large for the server is told of; the others are sent', async () => {
    const { rig, anna, ben } = pair({ server: { maxFileSize: 1000 } });
    anna.user.write('d/large', longText(1, 1008));
    anna.user.write('d/small', 'S');
    anna.user.write('exactly', longText(2, 1000));
    await rig.settle();
    expect(problemsOf(anna)).toEqual([['d/large', 'file_too_large']]);
    expect(Object.keys(ben.files())).toEqual(['d', 'd/small', 'exactly']);
    anna.user.write('d/large', 'no longer large');
    await quiet(rig);
    expect(problemsOf(anna)).toEqual([]);
    expect(ben.files()).toHaveProperty(['d/large'], 'no longer large');
  });

  it('the problem goes when the file goes, and the edit of a file that grew too large waits', async () => {
    const { rig, anna, ben } = pair({ server: { maxFileSize: 1000 } });
    anna.user.write('new', longText(1, 1008));
    anna.user.write('known', 'v0');
    await rig.settle();
    anna.user.write('known', longText(2, 1008));
    anna.user.rename('known', 'renamed');
    await rig.settle();
    expect(problemsOf(anna)).toEqual([
      ['new', 'file_too_large'],
      ['renamed', 'file_too_large'],
    ]);
    expect(ben.files()).toEqual({ known: 'v0' });
    anna.user.remove('new');
    anna.user.write('renamed', 'v1');
    await quiet(rig);
    expect(problemsOf(anna)).toEqual([]);
    expect(ben.files()).toEqual({ renamed: 'v1' });
  });

  it('what takes the name of such a file waits for it; the others go on', async () => {
    const { rig, anna, ben } = pair({ server: { maxFileSize: 1000 } });
    anna.user.write('x', 'v0');
    anna.user.write('d/f', 'F');
    await quiet(rig);
    anna.user.rename('x', 'y');
    anna.user.write('y', longText(1, 1008));
    await rig.settle();
    anna.user.write('x', 'new');
    anna.user.write('other', 'O');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F', other: 'O', x: 'v0' });
    anna.user.remove('y');
    await quiet(rig);
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'F', other: 'O', x: 'new' });
    expect(problemsOf(anna)).toEqual([]);
  });

  it('a directory whose file grew too large for its new place is not deleted before it', async () => {
    const { rig, anna, ben } = pair({ server: { maxFileSize: 1000 } });
    anna.user.write('d/f', 'v0');
    await quiet(rig);
    anna.user.rename('d/f', 'f');
    anna.user.write('f', longText(1, 1008));
    anna.user.remove('d');
    anna.user.write('other', 'O');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', 'd/f': 'v0', other: 'O' });
    anna.user.write('f', 'v1');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1', other: 'O' });
  });

  it('what is refused again and again, though nothing changed, becomes a problem', async () => {
    const { rig, anna, ben } = pair({
      systems: { ben: { kind: 'macos', features: { caseSensitive: false } } },
    });
    anna.user.write('a.txt', 'held');
    await quiet(rig);
    anna.user.write('A.txt', 'hidden from ben');
    await rig.settle();
    ben.user.rename('a.txt', 'A.txt');
    ben.user.write('other', 'O');
    for (let turn = 0; turn < 4; turn += 1) await ben.round();
    const tries = ben.wire.count('commit');
    for (let turn = 0; turn < 4; turn += 1) await ben.round();
    expect(ben.wire.count('commit')).toBe(tries);
    await anna.round();
    expect(anna.files()).toEqual({ 'A.txt': 'hidden from ben', 'a.txt': 'held', other: 'O' });
    expect(problemsOf(ben)).toContainEqual(['A.txt', 'name_taken']);
    anna.user.rename('A.txt', 'b.txt');
    await quiet(rig);
    expect(ben.files()).toEqual({ 'A.txt': 'held', 'b.txt': 'hidden from ben', other: 'O' });
    expect(anna.files()).toEqual(ben.files());
    expect(problemsOf(ben)).toEqual([]);
  });

  it('an extension that the server does not take is told of; the others are sent', async () => {
    const { rig, anna, ben } = pair();
    await quiet(rig);
    allowOnly(anna, ['.txt']);
    anna.user.write('a.txt', 'A');
    anna.user.write('B.TXT', 'B');
    anna.user.write('c.exe', 'C');
    await rig.settle();
    expect(problemsOf(anna)).toEqual([['c.exe', 'extension_not_allowed']]);
    expect(ben.files()).toEqual({ 'a.txt': 'A', 'B.TXT': 'B' });
    allowOnly(anna, undefined);
    await quiet(rig);
    expect(problemsOf(anna)).toEqual([]);
    expect(ben.files()).toHaveProperty(['c.exe'], 'C');
  });

  it('what the server refuses for good is a problem of its path, and is tried again after a minute', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('bad', 'B');
    anna.user.write('good', 'G');
    anna.wire.answers = ({ changes }) => {
      const bad = changes.filter(
        ({ type, ...one }) => type === 'create' && 'place' in one && one.place?.name === 'bad',
      );
      const refusals = bad.map(
        ({ node }): Refusal => ({ node, code: 'bad_name', retry: false, message: 'It is bad.' }),
      );
      return refusals.length > 0 ? { type: 'refused', refusals } : undefined;
    };
    await anna.round();
    await anna.round();
    await ben.round();
    expect(problemsOf(anna)).toEqual([['bad', 'bad_name']]);
    expect(ben.files()).toEqual({ good: 'G' });
    const tries = anna.wire.count('commit');
    await anna.round();
    expect(anna.wire.count('commit')).toBe(tries);
    anna.wire.heal();
    rig.clock.pass(61_000);
    await quiet(rig);
    expect(problemsOf(anna)).toEqual([]);
    expect(ben.files()).toEqual({ bad: 'B', good: 'G' });
  });

  it('what an ignored directory stands in the way of is told of, and the client comes to rest', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('.syncignore', 'build/\n');
    anna.user.write('build/out', 'O');
    await rig.settle();
    ben.user.write('build', 'a file of this name');
    await rig.settle();
    expect(problemsOf(anna)).toEqual([['build', 'exists']]);
    anna.user.remove('build');
    await rig.settle();
    expect(anna.files()).toHaveProperty('build', 'a file of this name');
    expect(problemsOf(anna)).toEqual([]);
  });

  it('[C29] [E17] a directory that cannot be written to holds what goes into it, and nothing else', async () => {
    const { rig, anna, ben } = pair();
    anna.user.makeDirectory('d');
    await quiet(rig);
    ben.fault = (step, path) =>
      ['place', 'makeDirectory'].includes(step) ? deny(['d'])(step, path) : undefined;
    anna.user.write('d/f', 'F');
    anna.user.write('d/new/g', 'G');
    anna.user.write('other', 'O');
    ben.user.write('mine', 'M');
    await rig.settle();
    expect(ben.files()).toEqual({ d: 'dir', other: 'O', mine: 'M' });
    expect(anna.files()).toHaveProperty('mine', 'M');
    expect(problemsOf(ben)).toContainEqual(['d/f', 'denied']);
    expect(problemsOf(ben)).toContainEqual(['d/new', 'denied']);
    ben.fault = () => undefined;
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(problemsOf(ben)).toEqual([]);
  });

  it('[E17] a directory that the server does not take holds what is in it, and nothing else', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('gone', 'G');
    await quiet(rig);
    anna.wire.answers = ({ changes }) => {
      const bad = changes.filter((one) => one.type === 'create' && one.place.name === 'bad');
      const refusals = bad.map(
        ({ node }): Refusal => ({ node, code: 'bad_name', retry: false, message: 'It is bad.' }),
      );
      return refusals.length > 0 ? { type: 'refused', refusals } : undefined;
    };
    anna.user.write('a/bad/deep/f', 'F');
    anna.user.write('a/good/g', 'G');
    anna.user.write('other', 'O');
    anna.user.remove('gone');
    for (let turn = 0; turn < 3; turn += 1) await anna.round();
    await ben.round();
    expect(ben.files()).toEqual({ a: 'dir', 'a/good': 'dir', 'a/good/g': 'G', other: 'O' });
    expect(problemsOf(anna)).toEqual([['a/bad', 'bad_name']]);
    anna.wire.heal();
    rig.clock.pass(61_000);
    await quiet(rig);
    expect(ben.files()).toHaveProperty(['a/bad/deep/f'], 'F');
  });

  it('[C30] whose changes the server takes none of keeps them all, and still gets the others’', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['edited', 'moved', 'deleted', 'd/f']) anna.user.write(name, 'v0');
    await quiet(rig);
    ben.wire.answers = ({ changes }) => ({
      type: 'refused',
      refusals: changes.map(({ node }) => {
        const message = 'This key may only read.';
        return { node, code: 'forbidden', retry: false, message };
      }),
    });
    ben.user.write('edited', 'by ben');
    ben.user.rename('moved', 'elsewhere');
    ben.user.remove('deleted');
    ben.user.write('new', 'N');
    anna.user.write('d/f', 'v1');
    for (let turn = 0; turn < 4; turn += 1) {
      rig.clock.pass(61_000);
      await anna.round();
      await ben.round();
      ben.restart();
    }
    const mine = { d: 'dir', 'd/f': 'v1', edited: 'by ben', elsewhere: 'v0', new: 'N' };
    expect(ben.files()).toEqual(mine);
    expect(anna.files()).toMatchObject({ edited: 'v0', moved: 'v0', deleted: 'v0', 'd/f': 'v1' });
    await ben.round();
    expect(problemsOf(ben).map(([, code]) => code)).toEqual(Array(4).fill('forbidden'));
    ben.wire.heal();
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([mine, mine]);
    expect(problemsOf(ben)).toEqual([]);
  });

  it('[C07] a file that is locked is neither replaced nor deleted, until it is not', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['edited', 'deleted', 'moved', 'free']) anna.user.write(name, 'v0');
    await quiet(rig);
    ben.fault = (step, path) =>
      ['place', 'trash', 'move'].includes(step) && path[0] !== 'free' ? 'busy' : undefined;
    anna.user.write('edited', 'v1');
    anna.user.remove('deleted');
    anna.user.rename('moved', 'elsewhere');
    anna.user.write('free', 'v1');
    await rig.settle();
    expect(ben.files()).toEqual({ edited: 'v0', deleted: 'v0', moved: 'v0', free: 'v1' });
    expect(problemsOf(ben).map(([, code]) => code)).toEqual(['busy', 'busy', 'busy']);
    expect(anna.files()).toEqual({ edited: 'v1', elsewhere: 'v0', free: 'v1' });
    ben.fault = () => undefined;
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(problemsOf(ben)).toEqual([]);
  });

  it('what takes the name of something that cannot be removed waits for it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('x/f', 'F');
    anna.user.write('y', 'Y');
    await quiet(rig);
    ben.fault = (step) => (step === 'trash' ? 'denied' : undefined);
    anna.user.remove('x');
    anna.user.write('x', 'a file');
    anna.user.remove('y');
    anna.user.write('y/g', 'G');
    anna.user.write('z', 'Z');
    await rig.settle();
    expect(ben.files()).toEqual({ x: 'dir', 'x/f': 'F', y: 'Y', z: 'Z' });
    ben.fault = () => undefined;
    await quiet(rig);
    expect(ben.files()).toEqual({ x: 'a file', y: 'dir', 'y/g': 'G', z: 'Z' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('a content that the server does not have whole holds its path', async () => {
    const { rig, anna, ben } = pair();
    ben.onPush = () => undefined;
    anna.user.write('rotten', longText(1, 5000));
    anna.user.write('large and rotten', longText(2, 2_000_000));
    anna.user.write('sound', 'S');
    await anna.round();
    const lost = [...rig.server.chunks].filter(([, { size }]) => size > 4000);
    for (const [hash] of lost) rig.server.chunks.delete(hash);
    await rig.settle();
    expect(ben.files()).toEqual({ sound: 'S' });
    expect(problemsOf(ben).map(([path]) => path)).toEqual(['large and rotten', 'rotten']);
    expect(Object.keys(anna.files())).toHaveLength(3);
    for (const [hash, chunk] of lost) rig.server.chunks.set(hash, chunk);
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(problemsOf(ben)).toEqual([]);
  });
});

describe('files that do not hold still', () => {
  it('[C01] one that is written to all the time stops nobody else', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('log', 'v0');
    await quiet(rig);
    let lines = 0;
    ben.meanwhile = (step) => {
      if (step !== 'read log') return;
      lines += 1;
      ben.user.write('log', `line ${lines}`);
    };
    ben.user.write('log', 'line 0');
    anna.user.write('log', 'v1');
    anna.user.write('theirs', 'T');
    ben.user.write('mine', 'M');
    await anna.round();
    for (let turn = 0; turn < 5; turn += 1) {
      rig.clock.pass(60_000);
      await ben.round();
      await anna.round();
    }
    expect(ben.files()).toMatchObject({ theirs: 'T', mine: 'M' });
    expect(anna.files()).toMatchObject({ mine: 'M' });
    ben.meanwhile = () => undefined;
    await quiet(rig);
    expect(anna.files()).toEqual(ben.files());
    expect(Object.values(anna.files())).toContain(`line ${lines}`);
    expect(Object.values(anna.files())).toContain('v1');
  });

  it('[C01] nor one that the server has under this name and that is new here', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('log', 'of anna');
    await anna.round();
    let lines = 0;
    ben.meanwhile = (step) => {
      if (step !== 'read log') return;
      lines += 1;
      ben.user.write('log', `line ${lines}`);
    };
    ben.user.write('log', 'line 0');
    ben.user.write('mine', 'M');
    for (let turn = 0; turn < 5; turn += 1) {
      rig.clock.pass(60_000);
      await ben.round();
    }
    expect(rig.serverFiles().get('mine')).toBe('M');
    ben.meanwhile = () => undefined;
    await quiet(rig);
    expect(anna.files()).toEqual(ben.files());
    expect(Object.values(anna.files()).sort()).toEqual(['M', `line ${lines}`, 'of anna']);
  });
});
