import { describe, expect, it } from 'vitest';
import { cutParameters } from '../../src/core/cut.ts';
import { quiet } from './quiet.ts';
import { longText, pair } from './rig.ts';
import { failCall, failure } from './wire.ts';

class Killed extends Error {}

/** Some 150 chunks: two requests up, two windows down. */
const HUGE = longText(7, 10 * 1024 * 1024);
const LARGE = longText(3, 400_000);

const shownTo = (client: { files(): Record<string, string> }, content: string): boolean =>
  Object.values(client.files()).includes(content);

describe('a transfer that is cut off', () => {
  it('[D04] an upload goes on with the chunks that did not arrive', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('huge', HUGE);
    anna.wire.fault = failCall(2, 'unreachable', ['sendChunks']);
    expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
    const first = [...anna.wire.sent];
    expect(first.length).toBeGreaterThan(20);
    expect(rig.serverFiles().size).toBe(0);
    anna.restart(); // A new process knows no more than the server does.
    await anna.round();
    const again = anna.wire.sent.slice(first.length);
    expect(again.filter((hash) => first.includes(hash))).toEqual([]);
    expect(again.length).toBeGreaterThan(20);
    await quiet(rig);
    expect(ben.files().huge === HUGE).toBe(true);
  });

  it('[E07] an upload whose file was changed meanwhile sends nothing of two versions', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('large', LARGE);
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
    const next = `${LARGE.slice(0, 200_000)} and ${LARGE.slice(200_000)}`;
    anna.user.write('large', next);
    const sent = anna.wire.sent.length;
    await quiet(rig);
    expect(ben.files().large === next).toBe(true);
    const chunks = LARGE.length / cutParameters(LARGE.length).average;
    expect(anna.wire.sent.length - sent).toBeLessThan(chunks);
  });

  it('[C01] a file that is written to while it is sent is never a mix of two versions', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('large', LARGE);
    const next = LARGE.toUpperCase();
    let reads = 0;
    anna.meanwhile = (step) => {
      if (step !== 'read large') return;
      reads += 1;
      if (reads === 4) anna.user.write('large', next);
    };
    const seen = new Set<string>();
    ben.meanwhile = () => {
      const { large } = ben.files();
      if (large !== undefined) seen.add(large);
    };
    await quiet(rig);
    expect(ben.files().large === next).toBe(true);
    expect([...seen].filter((text) => text !== LARGE && text !== next)).toEqual([]);
  });

  it('a download goes on where it stopped', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('huge', HUGE);
    await anna.round();
    ben.wire.fault = failCall(2, 'unreachable', ['fetchChunks']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    const first = [...ben.wire.fetched];
    expect(first.length).toBeGreaterThan(20);
    expect(ben.files()).toEqual({});
    await quiet(rig);
    const again = ben.wire.fetched.slice(first.length);
    expect(again.filter((hash) => first.includes(hash))).toEqual([]);
    expect(ben.files().huge === HUGE).toBe(true);
    expect([...ben.user.snapshot().keys()].filter((path) => path.includes('staging/'))).toEqual([]);
  });

  it('a download that is cut off within a window begins that window again', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('huge', HUGE);
    await anna.round();
    ben.wire.fault = failCall(10, 'unreachable', ['chunk']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    await quiet(rig);
    expect(ben.files().huge === HUGE).toBe(true);
    expect(ben.wire.fetched.length - new Set(ben.wire.fetched).size).toBe(4);
  });

  it('[D16] a chunk that comes damaged is never written: all of the content is fetched again', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('huge', HUGE);
    await anna.round();
    let damaged = 0;
    ben.wire.damages = () => {
      damaged += 1;
      return damaged === 5;
    };
    const seen = new Set<string>();
    ben.meanwhile = () => {
      const { huge } = ben.files();
      if (huge !== undefined) seen.add(huge);
    };
    await quiet(rig);
    expect(damaged).toBeGreaterThan(5);
    expect(ben.files().huge === HUGE).toBe(true);
    expect([...seen].filter((text) => text !== HUGE)).toEqual([]);
    expect(ben.wire.fetched).toHaveLength(2 * new Set(ben.wire.fetched).size);
  });

  it('an edit of a large file fetches only what the old version here does not have', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('huge', HUGE);
    await quiet(rig);
    const fetched = ben.wire.fetched.length;
    anna.user.write('huge', `${HUGE.slice(0, 6_000_000)}an edit${HUGE.slice(6_000_000)}`);
    await quiet(rig);
    expect(ben.wire.fetched.length - fetched).toBeLessThan(6);
    expect(ben.files().huge?.includes('an edit')).toBe(true);
  });
});

describe('a full disk', () => {
  it('[D07] what does not fit waits, the others go on, nothing short is sent or shown', async () => {
    const { rig, anna, ben } = pair();
    ben.user.write('old', 'v0');
    await quiet(rig);
    anna.user.write('old', LARGE);
    anna.user.write('huge', HUGE.slice(0, 2_000_000));
    for (const name of 'abc') anna.user.write(name, `small ${name}`);
    ben.user.write('mine', 'M');
    ben.capacity = 200_000;
    const versions = rig.server.tree.find('root', 'old');
    await rig.settle();
    const { huge: none, ...rest } = ben.files();
    expect(none).toBe(undefined);
    expect(rest).toEqual({ old: 'v0', a: 'small a', b: 'small b', c: 'small c', mine: 'M' });
    expect(anna.files()).toHaveProperty('mine', 'M');
    expect(anna.files().old === LARGE).toBe(true);
    expect(ben.session.problems.all().map(({ path, code }) => [path, code])).toEqual([
      ['huge', 'full'],
      ['old', 'full'],
    ]);
    expect(rig.server.tree.find('root', 'old')).toBe(versions);

    ben.capacity = Number.POSITIVE_INFINITY;
    await quiet(rig);
    expect(ben.session.problems.all()).toEqual([]);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[D05] [S8] while the copy of a conflict cannot be made, the original is not touched', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    ben.user.write('f', 'from ben');
    rig.clock.pass(5000);
    anna.user.write('f', 'from anna');
    await anna.round();
    ben.fault = (step, path) =>
      step === 'place' && path[0]?.includes('conflict') ? 'full' : undefined;
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'from ben' });
    ben.fault = () => undefined;
    ben.meanwhile = () => {
      expect(shownTo(ben, 'from ben')).toBe(true);
      return undefined;
    };
    await quiet(rig);
    expect(Object.values(ben.files()).sort()).toEqual(['from anna', 'from ben']);
    expect(anna.files()).toEqual(ben.files());
  });
});

describe('a round that ends early', () => {
  /** Ends the process at the first such step. */
  const killAt = (wanted: string) => {
    let done = false;
    return (step: string): undefined => {
      if (done || !step.startsWith(wanted)) return;
      done = true;
      throw new Killed();
    };
  };

  it('[S7] what was placed before is recorded, and not fetched again', async () => {
    const { rig, anna, ben } = pair();
    const names = Array.from({ length: 40 }, (_, index) => `f${index + 10}`);
    for (const name of names) anna.user.write(name, `content ${name}`);
    await anna.round();
    ben.onPush = () => undefined;
    ben.meanwhile = killAt('place f45');
    await expect(ben.round()).rejects.toThrow(Killed);
    const placed = Object.keys(ben.files());
    expect(placed.length).toBeGreaterThan(10);
    ben.restart();
    const before = ben.wire.fetched.length;
    await quiet(rig);
    expect(ben.files()).toEqual(anna.files());
    expect(ben.wire.fetched.length - before).toBe(names.length - placed.length);
    expect(rig.server.cursor).toBe(names.length);
  });

  it('[D03] what was placed and not recorded is adopted, without a conflict', async () => {
    const { rig, anna, ben } = pair();
    for (const name of ['a', 'b', 'c']) anna.user.write(name, `content ${name}`);
    await anna.round();
    ben.meanwhile = killAt('sync ');
    await expect(ben.round()).rejects.toThrow(Killed);
    expect(Object.keys(ben.files()).length).toBeGreaterThan(0);
    ben.restart();
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'content a', b: 'content b', c: 'content c' });
    expect(rig.server.cursor).toBe(3);
  });

  it('[D02] [D03] what a program that was killed had placed is durable before the next one agrees on it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'old');
    await quiet(rig);
    anna.user.write('a', 'new');
    await anna.round();
    ben.meanwhile = (step) => {
      if (step.startsWith('sync ')) throw new Killed();
      return undefined;
    };
    await expect(ben.round()).rejects.toThrow(Killed);
    expect(ben.files()).toEqual({ a: 'new' });
    ben.meanwhile = () => undefined;
    ben.restart();
    await ben.round();
    ben.losePower();
    await quiet(rig);
    expect([anna.files(), ben.files()]).toEqual([{ a: 'new' }, { a: 'new' }]);
  });

  it('[S13] what was lifted out of the way goes back to where it was', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.write('g', 'G');
    await quiet(rig);
    anna.user.rename('f', 't');
    anna.user.rename('g', 'f');
    anna.user.rename('t', 'g');
    await anna.round();
    ben.meanwhile = killAt('lower');
    await expect(ben.round()).rejects.toThrow(Killed);
    expect(Object.values(ben.files())).toHaveLength(1);
    ben.restart();
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'G', g: 'F' });
    expect(anna.files()).toEqual(ben.files());
    expect(rig.server.cursor).toBe(4);
  });

  it('[S13] where its place was taken meanwhile, it goes beside it', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    anna.user.write('g', 'G');
    await quiet(rig);
    anna.user.rename('f', 't');
    anna.user.rename('g', 'f');
    anna.user.rename('t', 'g');
    await anna.round();
    ben.meanwhile = killAt('lower');
    await expect(ben.round()).rejects.toThrow(Killed);
    for (const name of ['f', 'g']) if (ben.files()[name] === undefined) ben.user.write(name, 'new');
    ben.restart();
    await quiet(rig);
    expect(Object.values(ben.files()).sort()).toEqual(['F', 'G', 'new']);
    expect(anna.files()).toEqual(ben.files());
  });
});

describe('words that are lost on the way', () => {
  it.each(['a new file', 'an edit', 'a move', 'a deletion'])(
    '[E01] the answer to a commit of %s: it is found, not made twice',
    async (what) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'v0');
      await quiet(rig);
      const { cursor } = rig.server;
      if (what === 'a new file') anna.user.write('g', 'G');
      if (what === 'an edit') anna.user.write('f', 'v1');
      if (what === 'a move') anna.user.rename('f', 'h');
      if (what === 'a deletion') anna.user.remove('f');
      const wanted = anna.files();
      anna.wire.loses = (call) => call === 'commit';
      expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
      anna.wire.heal();
      await quiet(rig);
      expect(rig.server.cursor).toBe(cursor + 1);
      expect([anna.files(), ben.files()]).toEqual([wanted, wanted]);
    },
  );

  it.each(['a new file', 'an edit', 'a move'])(
    '[E01] who goes on working after the answer to %s was lost is in no conflict with himself',
    async (what) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'v0');
      anna.user.write('gone', 'G');
      await quiet(rig);
      if (what === 'a new file') anna.user.write('g', 'v1');
      if (what === 'an edit') anna.user.write('f', 'v1');
      if (what === 'a move') anna.user.rename('f', 'g');
      anna.user.write('gone', 'edited before it was deleted');
      anna.wire.loses = (call) => call === 'commit';
      expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
      anna.wire.heal();
      const path = what === 'an edit' ? 'f' : 'g';
      anna.user.write(path, 'v2');
      anna.user.remove('gone');
      const wanted = anna.files();
      await quiet(rig);
      expect([anna.files(), ben.files()]).toEqual([wanted, wanted]);
    },
  );

  it('[E01] somebody else’s later edit is still a conflict', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await quiet(rig);
    anna.user.write('f', 'v1');
    anna.wire.loses = (call) => call === 'commit';
    await anna.attempt();
    anna.wire.heal();
    await ben.round();
    ben.user.write('f', 'v2 of ben');
    await ben.round();
    rig.clock.pass(5000);
    anna.user.write('f', 'v2 of anna');
    await quiet(rig);
    expect(Object.values(anna.files()).sort()).toEqual(['v2 of anna', 'v2 of ben']);
    expect(anna.files()).toEqual(ben.files());
  });

  it.each(['doubled', 'reversed', 'lost'])('[E02] pushes that are %s', async (how) => {
    const { rig, anna, ben } = pair();
    const waiting: (() => void)[] = [];
    ben.onPush = (event, take) => {
      if (how === 'doubled') waiting.push(() => take(event));
      if (how !== 'lost') waiting.push(() => take(event));
    };
    anna.user.write('f', 'v0');
    await anna.round();
    anna.user.write('f', 'v1');
    anna.user.write('g', 'G');
    await anna.round();
    anna.user.rename('g', 'h');
    await anna.round();
    for (const take of how === 'reversed' ? waiting.reverse() : waiting) take();
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'v1', h: 'G' });
    expect(rig.server.cursor).toBe(4);
  });

  it('[E16] the cursor goes on past a file that could not be written, and the file comes later', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a', 'A');
    anna.user.write('b', 'B');
    await anna.round();
    ben.fault = (step, path) => (step === 'place' && path[0] === 'a' ? 'denied' : undefined);
    await ben.round();
    expect(ben.files()).toEqual({ b: 'B' });
    expect(ben.session.state.standing.cursor).toBe(rig.server.cursor);
    ben.fault = () => undefined;
    await ben.round();
    expect(ben.files()).toEqual({ b: 'B' }); // It is not tried again at once,
    rig.clock.pass(31_000);
    await ben.round(); // but after half a minute.
    expect(ben.files()).toEqual({ a: 'A', b: 'B' });
    expect(rig.server.cursor).toBe(2);
  });

  it('[E09] a server in maintenance says how long to wait', async () => {
    const { anna } = pair();
    anna.wire.fault = () => failure('unavailable', 17_000);
    expect(await anna.attempt()).toMatchObject({ code: 'unavailable', retry: true, after: 17_000 });
  });
});
