// `npm run planted`: plants each mistake of the list in a copy of the checkout, one at a time, and writes
// docs/planted-bugs.md: which tests catch which. `-- WORD …`: only those with such a word in name or file; no page.
// `-- --keep FILE`: results go there too, and what is there already for the same plant is not tried again.
// `-- --keep FILE --page`: tries nothing more, and writes the page of what was tried.
// `-- --at-once N`: so many at the same time, 2 unless said. `-- --known WORDS`: such a test fails anyhow.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../house/source.ts';
import { pageOf, type Tried } from './page.ts';
import type { Plant } from './plant.ts';
import { PLANTS } from './plants.ts';
import type { Failed } from './reporter.ts';
import { type Caught, copyCheckout, dropCopy, tryNothing, tryPlant } from './try-plant.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    keep: { type: 'string' },
    known: { type: 'string', multiple: true },
    page: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '2' },
  },
});
const isMeant = ({ name, file }: Plant): boolean =>
  positionals.length === 0 ||
  positionals.some((word) => name.includes(word) || file.includes(word));
const kept = new Map<string, Caught>(readKept());
const known = new Set(values.known ?? []);
const isKnown = ({ test }: Failed): boolean => [...known].some((words) => test.includes(words));

function readKept(): [string, Caught][] {
  const { keep } = values;
  return keep !== undefined && existsSync(keep) ? JSON.parse(readFileSync(keep, 'utf8')) : [];
}

const keyOf = (plant: Plant): string => JSON.stringify([plant.file, plant.find, plant.replace]);

function noteCaught(plant: Plant, caught: Caught): void {
  kept.set(keyOf(plant), caught);
  if (values.keep !== undefined) writeFileSync(values.keep, JSON.stringify([...kept]));
  const said = (failed: readonly Failed[]): string =>
    failed.length === 0 ? '–' : failed.map(({ file, test }) => `${file} ${test}`).join('\n      ');
  console.log(`${plant.name}\n  broad ${said(caught.broad)}\n  own   ${said(caught.own)}`);
}

/** One of each file first: whoever ends it early has seen something of everything. */
const turnOf = (plant: Plant): number =>
  PLANTS.filter(({ file }) => file === plant.file).indexOf(plant);
const untried = PLANTS.filter((plant) => isMeant(plant) && !kept.has(keyOf(plant)));
const waiting = values.page ? [] : untried.toSorted((a, b) => turnOf(a) - turnOf(b));
console.log(`${waiting.length} to try`);

async function worker(): Promise<void> {
  const root = copyCheckout();
  try {
    // Whoever names what fails has tried it.
    const failing = values.known === undefined ? await tryNothing(root) : [];
    for (const { file, test } of failing) {
      known.add(test);
      console.log(`Fails without a plant: ${file} ${test}`);
    }
    for (let plant = waiting.shift(); plant !== undefined; plant = waiting.shift()) {
      noteCaught(plant, await tryPlant(root, plant, isKnown));
    }
  } finally {
    dropCopy(root);
  }
}

await Promise.all(
  Array.from({ length: Math.min(Number(values['at-once']), waiting.length) }, worker),
);

const all = PLANTS.filter(isMeant).flatMap((plant): Tried[] => {
  const caught = kept.get(keyOf(plant));
  return caught === undefined ? [] : [{ plant, caught }];
});
const missed = all.filter(({ caught }) => caught.broad.length + caught.own.length === 0);
console.log(`${all.length} planted, ${missed.length} not caught`);
if (positionals.length === 0) {
  const day = new Date().toISOString().slice(0, 10);
  const left = PLANTS.filter((plant) => !kept.has(keyOf(plant)));
  writeFileSync(join(ROOT, 'docs/planted-bugs.md'), pageOf(all, { day, left }));
}
process.exitCode = missed.length > all.length * 0.05 ? 1 : 0;
