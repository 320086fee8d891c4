import { describe, expect, it } from 'vitest';
import { failAt } from '../../src/client/disk/memory/faults.ts';
import { DiskError, type DiskProblem } from '../../src/client/ports.ts';
import type { Client } from './rig.ts';
import { type Call, failCall, failure } from './wire.ts';
import { largeFiles, manyThings, type Work } from './work.ts';

// A fixed piece of work, in which one step after the other goes wrong.

/** Rounds until one has nothing to do. */
async function untilRest(client: Client): Promise<void> {
  for (let round = 0; round < 10; round += 1) if (await client.round()) return;
  throw new Error('It does not come to rest.');
}

/** What all come to when nothing goes wrong, which steps Ben's disk takes, and what he asks for. */
async function plainly(work: () => Promise<Work>) {
  const { rig, anna, ben } = await work();
  const whole = new Set([...Object.values(ben.files()), ...Object.values(anna.files())]);
  const steps: string[] = [];
  ben.fault = (step, path) => {
    steps.push(`${step} ${path.join('/')}`);
    return undefined;
  };
  const before = ben.wire.calls.length;
  await untilRest(ben);
  ben.fault = () => undefined;
  const calls = ben.wire.calls.slice(before);
  await rig.settle();
  expect(short(ben.files())).toEqual(short(anna.files()));
  return { files: ben.files(), whole, steps, calls };
}

/** For a report that can be read. */
const short = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.length < 99 ? text : `${text.length}`]),
  );

async function forEachOf<T>(all: readonly T[], run: (at: number) => Promise<void>): Promise<void> {
  for (const [index, one] of all.entries()) {
    try {
      await run(index + 1);
    } catch (cause) {
      throw new Error(`number ${index + 1}, ${one}`, { cause });
    }
  }
}

class Killed extends Error {}

/** Rounds as the synchronizer makes them, until what was to go wrong has gone wrong. */
async function tryRounds(client: Client, isDone: () => boolean): Promise<void> {
  for (let round = 0; round < 10 && !isDone(); round += 1) {
    try {
      await client.attempt();
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof Killed)) throw error;
    }
  }
  expect(isDone()).toBe(true);
}

interface Extent {
  readonly problems: readonly DiskProblem[];
  /** Of the latest changes on the disk, when the power fails. */
  readonly kept: readonly number[];
}

const EVERY: Extent = {
  problems: ['denied', 'full', 'busy', 'unreadable', 'absent', 'changed'],
  kept: [0, 1, 3],
};

/** Large files take longer, and differ in fewer ways. */
const SOME: Extent = { problems: ['full', 'absent'], kept: [0] };

describe.each([
  ['many things', manyThings, EVERY],
  ['large files', largeFiles, SOME],
] as const)('%s', async (_, work, { problems, kept: rests }) => {
  const plain = await plainly(work);

  /**
   * All have what they would have had, and nothing was ever shown in part. One file may be there
   * twice: a move that is cut off in the middle leaves it under both names, and which of them was
   * meant nobody can tell.
   */
  async function expectRepaired({ rig, anna, ben }: Work): Promise<void> {
    const odd = Object.values(ben.files()).filter((text) => !plain.whole.has(text));
    expect(odd.map((text) => text.slice(0, 99))).toEqual([]);
    await rig.settle();
    expect(short(ben.files())).toMatchObject(short(plain.files));
    const more = Object.entries(ben.files()).filter(([path]) => !(path in plain.files));
    expect(more.length).toBeLessThanOrEqual(1);
    for (const [, text] of more) expect(Object.values(plain.files)).toContain(text);
    expect(short(anna.files())).toEqual(short(ben.files()));
    expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
  }

  it.each(problems)(
    'whichever step on the disk is %s, the next rounds repair',
    async (problem) => {
      await forEachOf(plain.steps, async (at) => {
        const { rig, anna, ben } = await work();
        let steps = 0;
        const fault = failAt(at, problem);
        ben.fault = (step, path) => {
          steps += 1;
          return fault(step, path);
        };
        await tryRounds(ben, () => steps >= at);
        await expectRepaired({ rig, anna, ben });
      });
    },
    120_000,
  );

  async function untilKilled({ ben }: Work, at: number): Promise<void> {
    let steps = 0;
    ben.fault = () => {
      steps += 1;
      if (steps === at) throw new Killed();
      return undefined;
    };
    await tryRounds(ben, () => steps >= at);
    ben.fault = () => undefined;
  }

  it('[D01] wherever the program is killed, the next one repairs', async () => {
    await forEachOf(plain.steps, async (at) => {
      const started = await work();
      await untilKilled(started, at);
      started.ben.restart();
      await expectRepaired(started);
    });
  }, 120_000);

  it.each(rests)(
    '[D02] wherever the power fails, with %i of the latest changes on the disk',
    async (kept) => {
      await forEachOf(plain.steps, async (at) => {
        const started = await work();
        await untilKilled(started, at);
        started.ben.losePower(kept);
        await expectRepaired(started);
      });
    },
    120_000,
  );

  it.each(['unreachable', 'unavailable', 'not_found'])(
    'whichever call fails (%s), the next rounds repair',
    async (code) => {
      await forEachOf(plain.calls, async (at) => {
        const { rig, anna, ben } = await work();
        const before = ben.wire.calls.length;
        const every: readonly Call[] = [...new Set(plain.calls)];
        ben.wire.fault = failCall(at, code, every);
        await tryRounds(ben, () => ben.wire.calls.length - before >= at);
        await expectRepaired({ rig, anna, ben });
      });
    },
    120_000,
  );

  it('[E01] whichever answer is lost, the next rounds repair', async () => {
    await forEachOf(
      plain.calls.filter((call) => call !== 'chunk' && call !== 'fetchChunks'),
      async (at) => {
        const { rig, anna, ben } = await work();
        let asked = 0;
        ben.wire.loses = () => {
          asked += 1;
          return asked === at;
        };
        await tryRounds(ben, () => asked >= at);
        await expectRepaired({ rig, anna, ben });
      },
    );
  }, 120_000);

  it('while the server is away nothing is deleted, however often it is tried', async () => {
    const { rig, anna, ben } = await work();
    const before = ben.files();
    ben.wire.fault = () => failure('unreachable');
    for (let turn = 0; turn < 4; turn += 1) await ben.attempt();
    expect(short(ben.files())).toEqual(short(before));
    ben.wire.heal();
    await expectRepaired({ rig, anna, ben });
  });
});
