import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { losing } from '../../../test/engine/losing.ts';
import { type Client, longText, pair, type Rig } from '../../../test/engine/rig.ts';
import { failCall } from '../../../test/engine/wire.ts';
import { stagedOf } from '../disk/world.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(async () => {
  ({ rig, anna, ben } = pair());
  await rig.settle();
  ben.onPush = () => undefined;
});

const LARGE = longText(8, 1_500_000);
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const problems = (): string[] =>
  ben.session.problems.all().map(({ path, code }) => `${path}: ${code}`);

/** The server keeps other bytes under a chunk's name. */
function rot(hash: string): void {
  const chunk = rig.server.chunks.get(hash);
  if (chunk === undefined) throw new Error('The server has it.');
  rig.server.chunks.set(hash, { ...chunk, bytes: chunk.bytes.map((byte) => byte ^ 1) });
}

describe('small contents', () => {
  it('are fetched many at a time, each chunk once', async () => {
    for (const name of ['a', 'b', 'c']) anna.user.write(name, 'the same');
    anna.user.write('d', longText(1, 200_000));
    await anna.round();
    await ben.round();
    expect(ben.wire.count('fetchChunks')).toBe(1);
    expect(new Set(ben.wire.fetched).size).toBe(ben.wire.fetched.length);
    expect(ben.files()).toEqual(anna.files());
  });

  it('are not fetched when they came along', async () => {
    ben.onPush = (event, take) => take(event);
    anna.user.write('a', 'pushed');
    await anna.round();
    await ben.round();
    expect(ben.wire.count('fetchChunks')).toBe(0);
    expect(ben.files()).toEqual({ a: 'pushed' });
  });

  it('[D16] that are not what was announced are never shown', async () => {
    anna.user.write('a', 'rotten');
    anna.user.write('b', 'sound');
    await anna.round();
    rot(hashOf('rotten'));
    await ben.round();
    expect(ben.files()).toEqual({ b: 'sound' });
    expect(problems()).toEqual(['a: checksum_mismatch']);
    expect(stagedOf(ben.user)).toEqual([]);
  });
});

describe('large contents', () => {
  it('[D16] that are not what was announced are never shown', async () => {
    anna.user.write('large', LARGE);
    await anna.round();
    const [hash = ''] = anna.wire.sent;
    rot(hash);
    await ben.round();
    expect(ben.files()).toEqual({});
    expect(problems()).toEqual(['large: checksum_mismatch']);
    expect(stagedOf(ben.user)).toEqual([]);
  });

  it('keep what is staged when they are cut off, as long as somebody wants it', async () => {
    anna.user.write('large', LARGE);
    await anna.round();
    ben.wire.fault = failCall(5, 'unreachable', ['chunk']);
    await ben.attempt();
    expect(stagedOf(ben.user)).toHaveLength(1);
    await ben.round();
    expect(ben.files().large === LARGE).toBe(true);
    expect(stagedOf(ben.user)).toEqual([]);

    anna.user.write('large', LARGE.toUpperCase());
    await anna.round();
    ben.wire.fault = failCall(5, 'unreachable', ['chunk']);
    await ben.attempt();
    anna.user.remove('large');
    await rig.settle();
    expect(ben.files()).toEqual({});
    expect(stagedOf(ben.user)).toEqual([]);
  });

  it('[D07] keep nothing when the disk is full', async () => {
    ben.capacity = 1_000_000;
    anna.user.write('large', LARGE);
    await anna.round();
    await ben.round();
    expect(ben.files()).toEqual({});
    expect(problems()).toEqual(['large: full']);
    expect(stagedOf(ben.user)).toEqual([]);
  });

  it('take from the old version what it has, and fetch the rest', async () => {
    anna.user.write('large', LARGE);
    await anna.round();
    await ben.round();
    const before = ben.wire.fetched.length;
    anna.user.write('large', `${LARGE.slice(0, 700_000)}edit${LARGE.slice(700_000)}`);
    await anna.round();
    let read = 0;
    ben.meanwhile = (step) => {
      if (step === 'read large') read += 1;
      return undefined;
    };
    await ben.round();
    expect(ben.files()).toEqual(anna.files());
    // In one go before the edit and in one after it, however many chunks that is; each is opened, and is one piece.
    expect(read).toBe(1 + 1 + 1 + 1);
    expect(ben.wire.fetched.length - before).toBeLessThan(5);
  });

  it('that are hashed by somebody who is gone are fetched again, and nothing is left open', async () => {
    const asked = losing(ben, 1);
    anna.user.write('large', LARGE);
    await anna.round();
    await ben.round();
    expect(ben.files()).toEqual(anna.files());
    expect(stagedOf(ben.user)).toEqual([]);
    expect(asked.opened).toBeGreaterThanOrEqual(2);
    anna.user.write('large', LARGE.toUpperCase());
    await anna.round();
    ben.wire.fault = failCall(5, 'unreachable', ['chunk']);
    await ben.attempt();
    expect(asked.open).toBe(1);
    anna.user.remove('large');
    await rig.settle();
    expect(asked.open).toBe(0);
  });

  it('of one chunk many times over have it everywhere', async () => {
    anna.user.write('large', 'z'.repeat(3_000_000));
    await anna.round();
    await ben.round();
    expect(ben.files().large === anna.files().large).toBe(true);
    expect(new Set(ben.wire.fetched).size).toBe(ben.wire.fetched.length);
  });

  it('do not take from an old version that is no longer what it was', async () => {
    anna.user.write('large', LARGE);
    await anna.round();
    await ben.round();
    anna.user.write('large', `${LARGE}edit`);
    await anna.round();
    let read = 0;
    ben.fault = (step) => {
      if (step !== 'read') return undefined;
      read += 1;
      return 'unreadable';
    };
    await ben.round();
    expect(read).toBeGreaterThan(0);
    expect(ben.files()).toEqual(anna.files());
  });
});

describe('the losing version of a conflict', () => {
  it('is copied here, without the server', async () => {
    anna.user.write('f', 'v0');
    await anna.round();
    await ben.round();
    ben.user.write('f', 'from ben');
    rig.clock.pass(5000);
    anna.user.write('f', 'from anna');
    await anna.round();
    const before = ben.wire.fetched.length;
    await ben.round();
    expect(Object.values(ben.files()).sort()).toEqual(['from anna', 'from ben']);
    // The version before, too: the two might have been merged.
    expect(ben.wire.fetched.slice(before)).toEqual([hashOf('v0'), hashOf('from anna')]);
  });
});
