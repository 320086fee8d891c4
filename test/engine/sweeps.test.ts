import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { check } from '../../src/server/check.ts';
import { createPacks } from '../../src/server/packs.ts';
import type { MetadataStore } from '../../src/server/ports.ts';
import { sweep } from '../../src/server/sweep.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { pickFrom, random } from '../random.ts';
import { type Client, longText, Rig } from './rig.ts';
import { failCall } from './wire.ts';

// A server that frees what nothing needs any more, between people who go on working.

const HOUR = 60 * 60 * 1000;
const FOLDER = 'default';

let server: MemoryServer;
beforeEach(async () => {
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

/** A sweep, with something before each question to the metadata. */
async function sweepNow(before: () => Promise<void> = async () => {}): Promise<void> {
  const { metadata, objects, clock } = server.inside;
  const watched = new Proxy<MetadataStore>(metadata, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await before();
        return await method.apply(target, given);
      };
    },
  });
  await sweep({ metadata: watched, objects, packs: packs(), folder: FOLDER, clock });
}

/** Sweeps every quarter of so many days. */
async function sweepFor(days: number): Promise<void> {
  for (let quarter = 0; quarter < days * 4; quarter += 1) {
    await sweepNow();
    await server.inside.clock.advance(6 * HOUR);
  }
}

/** All history but the last of each node. */
const forgetHistory = () =>
  server.inside.metadata.pruneHistory(FOLDER, server.inside.clock.now() + 1);

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
      await server.inside.clock.advance(pick([HOUR, 20 * HOUR, 30 * HOUR]));
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
      await server.inside.clock.advance(HOUR);
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
    const { metadata, clock } = server.inside;
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
      await clock.advance(HOUR);
    }
    expect(await broken()).toEqual([]);
  });
});
