import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { check } from '../../src/server/check.ts';
import { createPacks } from '../../src/server/packs.ts';
import { sweep } from '../../src/server/sweep.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { pickFrom, random } from '../random.ts';
import { watchedMetadata } from '../watched-metadata.ts';
import { type Client, longText, Rig } from './rig.ts';
import { failCall } from './wire.ts';

// A server that frees what nothing needs any more, between people who go on working.

const HOUR = 60 * 60 * 1000;
const FOLDER = 'default';

let server: MemoryServer;
/** How far the sweeps' time is ahead of the server's, whose own upkeep so has no turn between ours. */
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  server = await memoryServer();
});
afterEach(() => server.stop());

const newRig = (...clients: string[]): Rig =>
  new Rig({
    clients,
    connect: ({ clientId, epoch }) =>
      httpApi({ base: server.inside.url, apiKey: undefined, clientId, epoch }),
  });

let packCount = 0;
const packs = () =>
  createPacks({
    objects: server.inside.objects,
    newName: () => {
      packCount += 1;
      return `made-by-a-sweep-${packCount}`;
    },
  });

const now = (): number => server.inside.clock.now() + ahead;
const pass = (ms: number): void => {
  ahead += ms;
};

/** A sweep, with something before each question to the metadata. */
async function sweepNow(before: () => Promise<void> = async () => {}): Promise<void> {
  const { metadata, objects } = server.inside;
  const watched = watchedMetadata(metadata, before);
  await sweep({ metadata: watched, objects, packs: packs(), folder: FOLDER, clock: { now } });
}

/** Sweeps every quarter of so many days. */
async function sweepFor(days: number): Promise<void> {
  for (let quarter = 0; quarter < days * 4; quarter += 1) {
    await sweepNow();
    pass(6 * HOUR);
  }
}

/** All history but the last of each node. */
const forgetHistory = () => server.inside.metadata.pruneHistory(FOLDER, now() + 1);

/** Everything that is stored is read and verified. */
async function look() {
  const { metadata, objects } = server.inside;
  const parts = { metadata, objects, folder: FOLDER, readPercent: 100, random: () => 0 };
  return await check({ ...parts, damage: () => [], progressed: () => {} });
}
const broken = async (): Promise<unknown> => (await look()).findings;

/** Few contents, that come again and again, and share parts. */
const LARGE = longText(21, 160_000);
const CONTENTS = [
  ...['one', 'two', 'three', 'four'].map((text) => text.repeat(50)),
  LARGE,
  `${LARGE.slice(0, 80_000)}${longText(22, 80_000)}`,
  `${longText(23, 70_000)}${LARGE.slice(80_000)}`,
];
const NAMES = ['a', 'b', 'c', 'd/e'];

describe('[D17] [D19] whatever is done before, between and during sweeps', () => {
  it.each([1, 2, 3])('all that is named can be read (seed %i)', async (seed) => {
    const next = random(seed);
    const pick = pickFrom(next);
    const rig = newRig('anna', 'ben');
    const act = async (): Promise<void> => {
      const client = pick(rig.clients);
      const name = pick(NAMES);
      if (next() < 0.3 && client.user.read(name) !== undefined) client.user.remove(name);
      else client.user.write(name, pick(CONTENTS));
      // What was sent for a commit that never came is nobody's.
      if (next() < 0.2) client.wire.fault = failCall(1, 'unreachable', ['commit']);
      await client.attempt();
      client.wire.heal();
    };
    for (let turn = 0; turn < 12; turn += 1) {
      for (let n = pick([0, 1, 2, 3]); n > 0; n -= 1) await act();
      if (next() < 0.7) await forgetHistory();
      pass(pick([HOUR, 20 * HOUR, 30 * HOUR]));
      let calls = pick([1, 3, 5, 8, 12]);
      await sweepNow(async () => {
        calls -= 1;
        if (calls === 0) await act();
      });
      expect(await broken(), `after turn ${turn}`).toEqual([]);
    }
    await rig.settle();
    const [anna, ben] = rig.clients as [Client, Client];
    expect(ben.files()).toEqual(anna.files());
    expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
    const late = newRig('cleo');
    await late.settle();
    expect(late.client('cleo').files()).toEqual(anna.files());
  });
});

describe('what nothing needs', () => {
  it('goes, and all that is needed stays', async () => {
    const rig = newRig('anna');
    const anna = rig.client('anna');
    for (const [n, content] of CONTENTS.entries()) anna.user.write(`f${n}`, content);
    await rig.settle();
    for (let version = 1; version < 4; version += 1) {
      for (const n of [1, 2, 3, 4, 5]) anna.user.write(`f${n}`, `version ${version} of ${n}`);
      await rig.settle();
    }
    await forgetHistory();
    expect((await look()).unreferenced.chunks).toBeGreaterThan(4);
    await sweepFor(4);
    expect(await look()).toMatchObject({
      findings: [],
      unreferenced: { chunks: 0, packs: 0, bytes: 0 },
    });
    const late = newRig('cleo');
    await late.settle();
    expect(late.client('cleo').files()).toEqual(anna.files());
  });

  it('[D17] waits a day for its commit, however often is swept', async () => {
    const rig = newRig('anna');
    const anna = rig.client('anna');
    anna.user.write('large', LARGE);
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    await anna.attempt();
    const sent = anna.wire.sent.length;
    expect(sent).toBeGreaterThan(2);
    for (let hour = 0; hour < 23; hour += 1) {
      await sweepNow();
      pass(HOUR);
    }
    await rig.settle();
    expect(anna.wire.sent).toHaveLength(sent);
    expect(await broken()).toEqual([]);
  });

  it('[D17] that is named again when its day is over is sent again, if it has to be', async () => {
    const rig = newRig('anna', 'ben');
    const [anna, ben] = rig.clients as [Client, Client];
    anna.user.write('large', LARGE);
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    await anna.attempt();
    await sweepFor(3);
    expect((await look()).chunks).toBe(0);
    await rig.settle();
    expect(ben.files()).toEqual({ large: LARGE });
    expect(await broken()).toEqual([]);
  });

  it('[D20] stays a day for who reads or backs it up, though it is put elsewhere or goes', async () => {
    const { metadata } = server.inside;
    const rig = newRig('anna');
    const anna = rig.client('anna');
    for (const [n, content] of CONTENTS.entries()) anna.user.write(`f${n}`, content);
    await rig.settle();
    const hashes = CONTENTS.slice(0, 4).map((text) =>
      createHash('sha256').update(text).digest('hex'),
    );
    for (const n of [3, 4, 5, 6]) anna.user.write(`f${n}`, 'small');
    await rig.settle();
    anna.user.write('f3', 'smaller');
    for (const n of [4, 5, 6]) anna.user.remove(`f${n}`);
    await rig.settle();
    await forgetHistory();
    await sweepFor(1);
    const places = await metadata.chunkPlaces(FOLDER, hashes.slice(0, 3));
    for (let hour = 0; hour < 23; hour += 1) {
      await sweepNow();
      let read = 0;
      for await (const _ of packs().read(places)) read += 1;
      expect(read).toBe(3);
      pass(HOUR);
    }
    expect(await broken()).toEqual([]);
  });

  it('[D17] is there for who uses it again at any moment of a sweep, or is sent again', async () => {
    for (let at = 1; ; at += 1) {
      const { rig, ben } = await withUnneeded();
      let calls = 0;
      expect((await look()).unreferenced.chunks).toBeGreaterThan(2);
      await sweepNow(async () => {
        calls += 1;
        if (calls !== at) return;
        ben.user.write('again', LARGE);
        await ben.attempt();
      });
      if (calls < at) break;
      expect(await broken(), `before call ${at}`).toEqual([]);
      await rig.settle();
      expect(rig.client('anna').files()).toEqual({ f: 'v2', again: LARGE });
      expect(await broken(), `before call ${at}, in the end`).toEqual([]);
    }
  });

  it('[D17] has its whole day anew, if it was needed in between', async () => {
    const { rig, ben } = await withUnneeded();
    ben.user.write('again', LARGE);
    await rig.settle();
    await sweepNow();
    for (const text of ['v1', 'v2']) {
      ben.user.write('again', text);
      await rig.settle();
    }
    await forgetHistory();
    pass(30 * HOUR);
    await sweepNow();
    const sent = ben.wire.sent.length;
    ben.user.write('again', LARGE);
    await rig.settle();
    expect(ben.wire.sent).toHaveLength(sent);
  });

  it('[D12] goes though a chunk beside it rotted', async () => {
    const { metadata, objects } = server.inside;
    const rig = newRig('anna');
    const anna = rig.client('anna');
    for (let n = 0; n < 9; n += 1) anna.user.write(`f${n}`, longText(n, 9000));
    await rig.settle();
    for (const text of ['v1', 'v2']) {
      for (let n = 1; n < 9; n += 1) anna.user.write(`f${n}`, `${text} of ${n}`);
      await rig.settle();
    }
    await forgetHistory();
    const [{ pack, offset } = { pack: '', offset: 0 }] = await metadata.chunkPlaces(FOLDER, [
      createHash('sha256').update(longText(0, 9000)).digest('hex'),
    ]);
    objects.damage(pack, (bytes) => bytes.map((byte, at) => (at === offset ? byte ^ 1 : byte)));
    await sweepFor(3);
    expect((await look()).unreferenced.chunks).toBe(0);
  });

  it('is all that is touched: where everything is needed, a sweep does nothing', async () => {
    const rig = newRig('anna');
    const anna = rig.client('anna');
    for (const [n, content] of CONTENTS.entries()) anna.user.write(`f${n}`, content);
    await rig.settle();
    const packsNow = async (): Promise<string[]> =>
      [...(await server.inside.metadata.packUse(FOLDER)).keys()].sort();
    const before = await packsNow();
    await sweepFor(3);
    expect(await packsNow()).toEqual(before);
    expect(await broken()).toEqual([]);
  });
});

/** Somebody's large content is no longer in the history; a sweep saw that two days ago. */
async function withUnneeded() {
  await server.stop();
  server = await memoryServer();
  ahead = 0;
  const rig = newRig('anna', 'ben');
  const [anna, ben] = rig.clients as [Client, Client];
  for (const text of [LARGE, 'v1', 'v2']) {
    anna.user.write('f', text);
    await rig.settle();
  }
  await forgetHistory();
  await sweepNow();
  pass(48 * HOUR);
  return { rig, anna, ben };
}
