import { expect } from 'vitest';
import { until } from '../processes.ts';
import { treeOf } from '../tree.ts';
import type { Step } from './plan.ts';
import { isSound, type Role, type World } from './world.ts';

/** Where it is set, every step is tried. Otherwise some of all kinds. */
export const isEveryStep = (): boolean => process.env.KILL_AT_EVERY_STEP !== undefined;

export interface Tally {
  /** Steps that one round of work has, and places of the source that they are made at. */
  readonly steps: number;
  readonly places: number;
  /** Steps at which the process was ended, and those that its round did not come by. */
  readonly killed: number;
  readonly missed: number;
}

/** Ends the victim at steps of a round of work, one a round, starts it again, and looks at what came of it. */
export async function killEverywhere(world: World, victim: Role): Promise<Tally> {
  for (let warm = 0; warm < 4; warm += 1) await round(world, victim, { round: `warm ${warm}` });
  await round(world, victim, { round: 'count' });
  const all = world.steps(victim, 'count');
  const chosen = isEveryStep() ? all : oneOfEachPlace(all);
  let killed = 0;
  for (const [i, at] of chosen.entries()) {
    try {
      if (await round(world, victim, { round: String(i), at })) killed += 1;
    } catch (error) {
      const message = `${victim} was ended ${at.name} (${at.nth})\n${(error as Error).message}`;
      throw new Error(message, { cause: error });
    }
  }
  const places = new Set(all.map((step) => step.name)).size;
  const tally = { steps: all.length, places, killed, missed: chosen.length - killed };
  console.log(`${victim}: ${JSON.stringify(tally)}`);
  return tally;
}

/** One at each place, where places that leave the same on the disk count as one. */
function oneOfEachPlace(all: readonly Step[]): Step[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => {
    const key = SAME.find((pattern) => pattern.test(name))?.source ?? name;
    if (!isOfItsOwn(name) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What only tells people how it goes; what a transaction holds, of which nothing is left before it is committed. */
const SAME = [
  /event-log/,
  /status-file/,
  /before (?:INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE) .*src\/client/,
  /before (?:INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE) .*src\/server/,
];

/** What an `after` leaves on the disk, the next `before` finds there: save where others see it first. */
const isOfItsOwn = (name: string): boolean =>
  name.startsWith('before') || /answered|asked|COMMIT/.test(name);

/** Answers whether the victim came by the step. */
async function round(
  world: World,
  victim: Role,
  plan: { readonly round: string; readonly at?: Step },
): Promise<boolean> {
  for (const role of ['anna', 'ben'] as const) world.suspend(role);
  world.work.do();
  world.work.contest();
  if (victim === 'ben') await hears(world, 'anna');
  if (victim === 'anna') await hears(world, 'ben');
  const cursor = await world.cursor();
  world.plan(victim, plan);
  for (const role of ['anna', 'ben'] as const) world.resume(role);
  const program = world.programs[victim];
  await world.comesToRest(victim);
  world.vigil.look();
  const isKilled = !program.isRunning;
  world.plan(victim, { round: '' });
  if (isKilled) await world.start(victim);
  if (isKilled && victim !== 'server') await world.inSync(victim);
  await world.converges();
  expect(await world.cursor()).toBeGreaterThanOrEqual(cursor);
  if (victim === 'server') await isSound(world.bench);
  return isKilled;
}

/** What the other did is on the server before the victim moves. */
async function hears(world: World, other: 'anna' | 'ben'): Promise<void> {
  const both = `both ${treeOf(world[other].directory).get('both')?.slice(0, 64)}`;
  const wanted = other === 'ben' ? [both] : world.work.files();
  world.resume(other);
  const has = async (): Promise<boolean> => {
    const served = await world.served();
    return wanted.every((line) => served.includes(line));
  };
  await until(has, { what: () => world.told() });
}
