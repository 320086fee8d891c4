import type { Feature } from './features.ts';
import type { Item, Machine, Plan } from './plan.ts';
import { runOnce } from './run-seed.ts';

/** Runs that a failing plan is worth. */
const MOST_RUNS = 600;

/** A plan that fails still, of which nothing can be left out any more without its going well. */
export async function shrink(plan: Plan): Promise<Plan> {
  let runs = 0;
  const fails = async (one: Plan): Promise<boolean> => {
    runs += 1;
    return runs <= MOST_RUNS && (await runOnce(one)).faults.length > 0;
  };
  let smallest = plan;
  for (let before = Number.NaN; before !== sizeOf(smallest); ) {
    before = sizeOf(smallest);
    smallest = await withFewerItems(smallest, fails);
    smallest = await withFewerFeatures(smallest, fails);
  }
  return smallest;
}

const sizeOf = ({ items, features }: Plan): number => items.length + features.length;

type Fails = (plan: Plan) => Promise<boolean>;

/** Halves first, then smaller and smaller parts. */
async function withFewerItems(plan: Plan, fails: Fails): Promise<Plan> {
  let { items } = plan;
  for (let size = items.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < items.length; ) {
      const fewer: readonly Item[] = [...items.slice(0, at), ...items.slice(at + size)];
      if (await fails({ ...plan, items: fewer })) items = fewer;
      else at += size;
    }
  }
  return { ...plan, items };
}

async function withFewerFeatures(plan: Plan, fails: Fails): Promise<Plan> {
  let { features, machines } = plan;
  for (const one of features) {
    const fewer: readonly Feature[] = features.filter((feature) => feature !== one);
    if (await fails({ ...plan, features: fewer })) features = fewer;
  }
  const fewer: readonly Machine[] = machines.slice(0, 2);
  if (machines.length > 2 && (await fails({ ...plan, features, machines: fewer })))
    machines = fewer;
  return { ...plan, features, machines };
}
