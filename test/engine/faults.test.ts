import { describe, expect, it } from 'vitest';
import { failAt } from '../../src/client/disk/memory/faults.ts';
import { DiskError, type DiskProblem } from '../../src/client/ports.ts';
import { type Client, longText, pair } from './rig.ts';
import { type Call, failCall, failure } from './wire.ts';

// One fixed piece of work, in which one step after the other goes wrong.

const LARGE = longText(5, 1_200_000);

/** Both have done things of every sort, and some to the same files; Anna has told hers. */
async function work() {
  const { rig, anna, ben } = pair();
  for (const name of ['both', 'edited', 'deleted', 'f', 'g', 'd/one', 'd/two', 'e/x/deep'])
    anna.user.write(name, `${name} at first`);
  anna.user.write('large', LARGE);
  anna.user.symlink('link', 'f');
  await rig.settle();
  anna.user.write('both', 'both by anna');
  anna.user.write('edited', 'edited by anna');
  anna.user.remove('deleted');
  anna.user.rename('f', 't');
  anna.user.rename('g', 'f');
  anna.user.rename('t', 'g');
  anna.user.rename('e/x', 'x');
  anna.user.rename('e', 'x/e');
  anna.user.write('large', `${LARGE.slice(0, 600_000)}!${LARGE.slice(600_000)}`);
  anna.user.write('new/a', 'new by anna');
  rig.clock.pass(3000);
  ben.user.write('both', 'both by ben');
  ben.user.write('d/one', 'one by ben');
  ben.user.remove('d/two');
  ben.user.rename('link', 'd/link');
  ben.user.write('new/b', 'new by ben');
  ben.user.write('large of ben', LARGE.toUpperCase());
  rig.clock.pass(60_000);
  await anna.round();
  return { rig, anna, ben };
}

type Work = Awaited<ReturnType<typeof work>>;

/** What all come to when nothing goes wrong, how many steps Ben's disk takes, and what is asked for. */
async function plainly() {
  const { rig, anna, ben } = await work();
  const steps: string[] = [];
  ben.fault = (step, path) => {
    steps.push(`${step} ${path.join('/')}`);
    return undefined;
  };
  const calls = ben.wire.calls.length;
  await rig.settle();
  expect(ben.files()).toEqual(anna.files());
  expect(Object.keys(ben.files()).filter((path) => path.includes('conflict'))).toHaveLength(1);
  return { files: ben.files(), steps, calls: ben.wire.calls.slice(calls) };
}

const PLAIN = await plainly();
const KNOWN = new Set([...Object.values(PLAIN.files), LARGE, 'both by anna']);

/** Nothing that is shown is half of something. */
function expectWhole(client: Client): void {
  const odd = Object.values(client.files()).filter(
    (text) => !KNOWN.has(text) && !text.endsWith('at first'),
  );
  expect(odd).toEqual([]);
}

async function expectRepaired({ rig, anna, ben }: Work): Promise<void> {
  expectWhole(ben);
  await rig.settle();
  expect(ben.files()).toEqual(PLAIN.files);
  expect(anna.files()).toEqual(PLAIN.files);
  expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
}

/** A round as the synchronizer makes it: what the disk does not do now is tried again. */
async function tryRound(client: Client): Promise<void> {
  try {
    await client.attempt();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

async function forEachOf<T>(all: readonly T[], run: (index: number, one: T) => Promise<void>) {
  for (const [index, one] of all.entries()) {
    try {
      await run(index, one);
    } catch (cause) {
      throw new Error(`number ${index + 1}, ${one}`, { cause });
    }
  }
}

const PROBLEMS: readonly DiskProblem[] = [
  'denied',
  'full',
  'busy',
  'unreadable',
  'absent',
  'changed',
];

describe('the disk', () => {
  it.each(PROBLEMS)(
    'whichever step is %s, the next rounds repair',
    async (problem) => {
      await forEachOf(PLAIN.steps, async (index) => {
        const at = await work();
        at.ben.fault = failAt(index + 1, problem);
        await tryRound(at.ben);
        await expectRepaired(at);
      });
    },
    240_000,
  );

  class Killed extends Error {}

  async function untilKilled({ ben }: Work, at: number): Promise<void> {
    let steps = 0;
    ben.fault = () => {
      steps += 1;
      if (steps === at) throw new Killed();
      return undefined;
    };
    for (let round = 0; round < 8 && steps < at; round += 1) {
      try {
        await ben.attempt();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    ben.fault = () => undefined;
  }

  it('[D01] wherever the program is killed, the next one repairs', async () => {
    await forEachOf(PLAIN.steps, async (index) => {
      const at = await work();
      await untilKilled(at, index + 1);
      at.ben.restart();
      await expectRepaired(at);
    });
  }, 240_000);

  it.each([0, 1, 3])(
    '[D02] [D05] wherever the power fails, with %i of the latest changes on the disk',
    async (kept) => {
      await forEachOf(PLAIN.steps, async (index) => {
        const at = await work();
        await untilKilled(at, index + 1);
        at.ben.losePower(kept);
        await expectRepaired(at);
      });
    },
    240_000,
  );
});

describe('the server', () => {
  it.each(['unreachable', 'unavailable', 'not_found'])(
    'whichever call fails (%s), the next rounds repair',
    async (code) => {
      await forEachOf(PLAIN.calls, async (index) => {
        const at = await work();
        const every: readonly Call[] = [...new Set(PLAIN.calls)];
        at.ben.wire.fault = failCall(index + 1, code, every);
        await at.ben.attempt();
        await expectRepaired(at);
      });
    },
    120_000,
  );

  it('[E01] whichever answer is lost, the next rounds repair', async () => {
    await forEachOf(PLAIN.calls, async (index) => {
      const at = await work();
      let asked = 0;
      at.ben.wire.loses = (call) => {
        asked += call === 'chunk' ? 0 : 1;
        return asked === index + 1;
      };
      await at.ben.attempt();
      await expectRepaired(at);
    });
  }, 120_000);

  it('is away for good: the disk is looked at all the same, and nothing is deleted', async () => {
    const { rig, anna, ben } = await work();
    ben.wire.fault = () => failure('unreachable');
    for (let turn = 0; turn < 4; turn += 1) await ben.attempt();
    expectWhole(ben);
    expect(ben.files()).toMatchObject({ both: 'both by ben', 'new/b': 'new by ben' });
    ben.wire.heal();
    await expectRepaired({ rig, anna, ben });
  });
});
