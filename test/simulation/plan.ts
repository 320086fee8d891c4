import type { SystemKind } from '../../src/core/representable.ts';
import { Dice, mix } from './dice.ts';
import { type Deed, EXTRAS, FEATURES, type Feature, type Share } from './features.ts';

/** One of the machines. */
export interface Machine {
  readonly name: string;
  readonly system: SystemKind;
  readonly caseSensitive: boolean;
  readonly hardLinks: boolean;
  readonly symlinks: boolean;
  /** Milliseconds that its times are counted in. */
  readonly tick: number;
}

/** Something that is to happen. */
export interface Item {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly deed: Deed;
  /** Which machine. */
  readonly on: number;
  /** Everything else about it follows from this number. */
  readonly dice: number;
}

/** Everything about a run: it can be printed, made smaller, and run again. */
export interface Plan {
  readonly seed: number;
  readonly machines: readonly Machine[];
  readonly features: readonly Feature[];
  /** Milliseconds until everything is quiet. */
  readonly length: number;
  readonly items: readonly Item[];
}

const NAMES = ['anna', 'ben', 'cleo'];
const SECOND = 1000;

/** What this seed does. Each turns on only some of what there is, so that each is met without the others too. */
export function planOf(seed: number): Plan {
  const dice = new Dice(mix(seed, 1));
  const all = Object.keys(FEATURES) as (keyof typeof FEATURES)[];
  const density = dice.pick([0.15, 0.3, 0.5, 0.8]);
  const features = all.filter((feature) => dice.chance(density * FEATURES[feature].likely));
  const length = dice.pick([2 * SECOND, 10 * SECOND, 60 * SECOND, 60 * SECOND, 1200 * SECOND]);
  const machines = NAMES.slice(0, dice.chance(0.6) ? 2 : 3).map((name, at) =>
    machineOf(name, dice, features.includes('other systems') && at > 0),
  );
  const shares = features.flatMap((feature) => FEATURES[feature].deeds);
  const items = itemsOf(dice, { shares, length, machines });
  const more = extrasOf(seed, { length, machines });
  return {
    seed,
    machines,
    features: [...features, ...more.features],
    length,
    items: [...items, ...more.items].sort(byTime),
  };
}

/** What is rare, and costs, beside whatever else the seed does. */
function extrasOf(
  seed: number,
  { length, machines }: Omit<From, 'shares'>,
): Pick<Plan, 'features' | 'items'> {
  const features: Feature[] = [];
  const items: Item[] = [];
  for (const [at, [feature, { likely, deeds: shares }]] of Object.entries(EXTRAS).entries()) {
    const dice = new Dice(mix(seed, 8, at));
    if (!dice.chance(likely)) continue;
    features.push(feature as keyof typeof EXTRAS);
    const deeds = deedsOf(shares);
    for (let left = 1 + dice.under(2); left > 0; left -= 1)
      items.push(itemOf(dice, { deeds, length, machines }));
  }
  return { features, items };
}

function machineOf(name: string, dice: Dice, isOther: boolean): Machine {
  const system = isOther ? dice.pick(['windows', 'macos', 'linux'] as const) : 'linux';
  const isInsensitive = system !== 'linux' || (isOther && dice.chance(0.5));
  return {
    name,
    system,
    caseSensitive: !isInsensitive,
    hardLinks: !dice.chance(0.2),
    symlinks: system !== 'windows',
    tick: dice.pick([4, 4, 1, 10, 2000]),
  };
}

interface From {
  readonly shares: readonly Share[];
  readonly length: number;
  readonly machines: readonly Machine[];
}

/** People always write and delete; the rest is as the features say. */
const ALWAYS: readonly Share[] = [
  ['write', 6],
  ['remove', 2],
];

function itemsOf(dice: Dice, { shares, length, machines }: From): Item[] {
  const deeds = deedsOf([...ALWAYS, ...shares]);
  const count = 6 + dice.under(dice.pick([12, 30, 60]));
  const items = Array.from({ length: count }, () => itemOf(dice, { deeds, length, machines }));
  const first = Array.from({ length: dice.under(8) }, () => ({
    at: 0,
    deed: 'write' as const,
    on: 0,
    dice: dice.seed(),
  }));
  return [...first, ...items].sort(byTime);
}

const byTime = (a: Item, b: Item): number => a.at - b.at;

const deedsOf = (shares: readonly Share[]): Deed[] =>
  shares.flatMap(([deed, weight]) => Array.from({ length: weight }, () => deed));

interface Choice extends Omit<From, 'shares'> {
  readonly deeds: readonly Deed[];
}

const itemOf = (dice: Dice, { deeds, length, machines }: Choice): Item => ({
  at: dice.under(length),
  deed: dice.pick(deeds),
  on: dice.under(machines.length),
  dice: dice.seed(),
});
