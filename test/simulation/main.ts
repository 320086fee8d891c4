// `npm run simulate`: see docs/simulation.md.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { type Report, runSeeds } from './run-seeds.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

const HELP = `Usage: npm run simulate -- [--seeds N] [--from S] [--workers N] [--story] [--no-shrink]

Runs the whole system, in memory and under a seed, with everything going wrong. Each seed runs twice.

  --seeds N     how many (default: 1000)
  --from S      the first one (default: 1)
  --workers N   threads (default: one for each core)
  --story       tells everything that happens in the first seed, and stops
  --no-shrink   does not make the first failing seed smaller

Examples:
  npm run simulate -- --seeds 1000000
  npm run simulate -- --from 4711 --seeds 1
  npm run simulate -- --from 4711 --story

Exits with 1 when a seed fails, with 2 when it is called wrongly.`;

const SHOWN = 20;

function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  console.error(`--${name} takes a whole number above 0, and not ${text}.\n\n${HELP}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(availableParallelism()) },
        story: { type: 'boolean', default: false },
        'no-shrink': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

function tellFailed(one: Report['failed'][number] | undefined): void {
  if (one === undefined) return;
  const { seed, faults } = one;
  console.log(`\nseed ${seed} failed: npm run simulate -- --from ${seed} --seeds 1`);
  for (const fault of faults.slice(0, 6)) console.log(`  ${fault.slice(0, 1500)}`);
}

function tellReport(report: Report, seconds: number): void {
  const met = [...report.met].sort(([a], [b]) => (a < b ? -1 : 1));
  console.log('\nMet:');
  for (const [what, count] of met) console.log(`  ${whole(count).padStart(12)}  ${what}`);
  const cells = [...report.cells];
  const asked = cells.filter(([, count]) => count > 0);
  console.log(`\nCells of the decision tables met: ${asked.length} of ${cells.length}`);
  for (const [cell, count] of cells) console.log(`  ${whole(count).padStart(12)}  ${cell}`);
  const rate = report.seeds / seconds;
  console.log(
    `\n${whole(report.seeds)} seeds, each twice, in ${whole(seconds)} s (${rate.toFixed(1)} a second), ` +
      `${whole(report.steps)} steps on disks; ${report.failed.length} failed.`,
  );
}

async function run(): Promise<void> {
  const args = readArguments();
  if (args.help) return console.log(HELP);
  const [from, count] = [numberOf(args.from, 'from'), numberOf(args.seeds, 'seeds')];
  if (args.story) {
    const { story, faults } = await simulate(planOf(from), { isTold: true });
    for (const line of story) console.log(line);
    console.log(faults.length === 0 ? 'All is well.' : faults.join('\n'));
    process.exitCode = faults.length > 0 ? 1 : 0;
    return;
  }
  const begin = performance.now();
  const secondsSoFar = (): number => (performance.now() - begin) / 1000;
  let [told, toldFailed] = [0, 0];
  const report = await runSeeds(
    { from, count, workers: numberOf(args.workers, 'workers') },
    ({ seeds, failed }) => {
      // At once: a long run need not be waited for.
      for (; toldFailed < Math.min(failed.length, SHOWN); toldFailed += 1)
        tellFailed(failed[toldFailed]);
      if (secondsSoFar() - told < 10) return;
      told = secondsSoFar();
      const rate = (seeds / told).toFixed(1);
      console.log(
        `${whole(seeds)} of ${whole(count)} seeds, ${rate} a second, ${failed.length} failed`,
      );
    },
  );
  if (report.failed.length > SHOWN)
    console.log(`\n… and ${report.failed.length - SHOWN} more failed.`);
  const [first] = report.failed;
  if (first !== undefined && !args['no-shrink']) {
    console.log(`\nSeed ${first.seed} made smaller; as a named test it is this plan:`);
    console.log(JSON.stringify(await shrink(planOf(first.seed))));
  }
  tellReport(report, secondsSoFar());
  process.exitCode = report.failed.length > 0 ? 1 : 0;
}

await run();
