import { afterEach, beforeEach, expect, it } from 'vitest';
import { FILES, UNUSED } from './garbage.ts';
import { isEveryStep } from './kill-everywhere.ts';
import { type Content, creation, type PlainClient } from './plain-client.ts';
import type { Plan, Step } from './plan.ts';
import { oneOfEachKind, stepsOfSweeps } from './sweep-steps.ts';
import { SweepingServer } from './sweeping-server.ts';
import { hashOf } from './vigil.ts';
import { isSound } from './world.ts';

let server: SweepingServer;
beforeEach(async () => {
  server = await SweepingServer.open();
});
afterEach(() => server.close());

const chosenOf = (all: readonly Step[]): readonly Step[] =>
  isEveryStep() ? all : oneOfEachKind(all);

/** Answers at how many of these steps the process ended; says which one it was when something is wrong then. */
async function endAt(steps: readonly Step[], end: (at: Step) => Promise<boolean>): Promise<void> {
  let killed = 0;
  for (const at of steps) {
    try {
      if (await end(at)) killed += 1;
    } catch (error) {
      const message = `It was ended ${at.name} (${at.nth})\n${(error as Error).message}`;
      throw new Error(message, { cause: error });
    }
  }
  console.log(`sweep: ${JSON.stringify({ killed, missed: steps.length - killed })}`);
  expect(killed).toBeGreaterThan(4 * (steps.length - killed));
}

/** The first look, the second with the compaction, and the one that removes the packs that are empty by then. */
const DAYS = [2, 4, 6];

/** Answers the day on which it was ended. */
async function sweepAll(plan: Plan): Promise<number | undefined> {
  server.restore('full');
  await server.start(DAYS[0] ?? 0);
  for (const day of DAYS) if (!(await server.sweep(plan, day))) return day;
  return undefined;
}

/** The next sweeps end the work. */
async function sweepsOn(from: number): Promise<void> {
  for (const more of [0, 2, 4])
    expect(await server.sweep({ round: 'on' }, from + more), server.told()).toBe(true);
}

it('[D19] a server that is killed at any step of a sweep loses nothing, and the next sweeps end the work', async () => {
  expect(await sweepAll({ round: 'count' })).toBeUndefined();
  const all = stepsOfSweeps(server.steps('count'));
  await server.isSwept();
  await server.serves();
  await server.stop();
  await endAt(chosenOf(all), async (at) => {
    const day = await sweepAll({ round: 'end', at });
    if (day !== undefined) {
      await isSound(server.bench);
      await server.start(day);
      await server.serves();
      await sweepsOn(day);
      await server.isSwept();
    }
    await server.stop();
    return day !== undefined;
  });
  await server.start(6);
  await server.givesAClient();
}, 14_400_000);

const offerOf = (content: Content) => ({
  key: 'reused',
  change: creation('reused', content),
  content,
});

/** As a client does it: what is missing is sent, and the same offered again. Answers what it was told. */
async function reuse(client: PlainClient, content: Content): Promise<readonly string[]> {
  const answers: string[] = [];
  while (answers.at(-1) !== 'accepted') {
    try {
      const told = await client.commit(offerOf(content));
      answers.push(told.type);
      if (told.type === 'missing')
        await client.send(content.filter((bytes) => told.chunks.includes(hashOf(bytes))));
    } catch (error) {
      // Nobody answers any more.
      if (error instanceof TypeError) break;
      throw error;
    }
  }
  return answers;
}

interface Meeting {
  /** Where the sweep is when the commit comes. */
  readonly stop: Step;
  readonly content: Content;
}

/** On the day of the second look the server is stopped at a step of its sweep; it finds the commit when it goes on. */
async function race({ stop, content }: Meeting, plan: Plan): Promise<readonly string[]> {
  server.restore('seen');
  await server.start(4);
  const client = await server.client();
  let answers: Promise<readonly string[]> | undefined;
  const meet = async (): Promise<void> => {
    answers = reuse(client, content);
    // By then it lies there.
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await server.sweepAround({ stop, act: meet }, plan, 4);
  return (await answers) ?? [];
}

/** The first step of that name in the sweep of the second look. */
async function findStop(name: RegExp): Promise<Step> {
  server.restore('full');
  await server.start(2);
  expect(await server.sweep({ round: 'first' }, 2)).toBe(true);
  await server.stop();
  server.save('seen');
  await server.start(4);
  expect(await server.sweep({ round: 'find' }, 4)).toBe(true);
  const found = server.steps('find').find((step) => name.test(step.name));
  await server.stop();
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

/** The steps of a race that goes as it is meant to. On a machine that is busy the commit may come late. */
async function stepsOfRace(meeting: Meeting, told: readonly string[]): Promise<readonly Step[]> {
  for (let left = 5; ; left -= 1) {
    const answers = await race(meeting, { round: 'count' });
    const steps = stepsOfSweeps(server.steps('count'));
    await server.stop();
    if (answers.join() === told.join()) return steps;
    if (left === 0) expect(answers).toEqual(told);
  }
}

const MARKING = { when: 'while it marks', name: /^before DELETE FROM commits/ };
const DROPPING = { when: 'while it drops the chunk', name: /^before DELETE FROM chunks/ };

it.each([
  { ...MARKING, content: UNUSED.slice(0, 1), told: ['accepted'] },
  { ...DROPPING, content: UNUSED, told: ['missing', 'accepted'] },
])(
  '[D17] [D19] a server that is killed at any step of a sweep, which a commit that reuses a chunk meets $when, has both',
  async ({ name, content, told }) => {
    const meeting = { stop: await findStop(name), content };
    const files = new Map([...FILES, ['reused', content]]);
    const all = await stepsOfRace(meeting, told);
    const some = chosenOf(all).filter((_, i) => isEveryStep() || i % 5 === 0);
    await endAt(some, async (at) => {
      const answers = await race(meeting, { round: 'end', at });
      const isEnded = !server.isRunning;
      if (isEnded) {
        await isSound(server.bench);
        await server.start(4);
        if (answers.includes('accepted')) await server.serves(files);
        expect((await reuse(await server.client(), content)).at(-1)).toBe('accepted');
        await server.serves(files);
        await sweepsOn(4);
        await server.isSwept(content.length);
      }
      await server.stop();
      return isEnded;
    });
    await server.start(8);
    await server.givesAClient(files);
  },
  14_400_000,
);
