// `npm run bench`: us and our peers on the same data, in turns, with real processes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from './compare.ts';
import type { Contender } from './contenders/contender.ts';
import { rsync } from './contenders/rsync.ts';
import { syncer } from './contenders/syncer.ts';
import { syncthing } from './contenders/syncthing.ts';
import { unison } from './contenders/unison.ts';
import { install } from './install.ts';
import type { Measurement } from './measurement.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { profiling } from './profile.ts';
import { machine } from './report/machine.ts';
import { markdown, type Run } from './report/markdown.ts';
import { printProfile } from './report/print-profile.ts';
import { median, quantile } from './report/statistics.ts';
import { svg } from './report/svg.ts';
import { time } from './report/units.ts';
import { SCENES } from './scenes.ts';
import { enterNamespace, openNetwork } from './system/network.ts';
import { endAll } from './system/program.ts';

const PEERS: readonly Contender[] = [rsync, unison, syncthing];

const options = read();
enterNamespace();
const directory = mkdtempSync(join(options.directory ?? tmpdir(), 'syncer-bench-'));
process.on('exit', () => {
  endAll();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130));
}
const network = openNetwork();
await run(options);
network.close();

function read(): Options {
  try {
    const found = readOptions(process.argv.slice(2));
    if (found !== 'help') return found;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n--help shows what there is.`);
    process.exit(2);
  }
}

async function run(options: Options): Promise<void> {
  const { sizes, rounds, only, without, profile } = options;
  const isProfile = profile.length > 0;
  const peers = isProfile ? [] : PEERS.filter(({ name }) => !without.includes(name.toLowerCase()));
  const [present, absent] = installed([syncer, ...peers]);
  const lines = [...profile, ...only];
  const profiles = join(directory, 'profiles');
  mkdirSync(profiles);
  const bin = install(join(directory, 'package'));
  const measurements: Measurement[] = [];
  await compare({
    contenders: present,
    lines: lines.length > 0 ? lines : SCENES.flatMap((scene) => scene.lines.map(({ key }) => key)),
    rounds,
    sizes,
    directory,
    network,
    ours: { bin, nodeOptions: isProfile ? profiling(profiles) : [] },
    tell: (each) => {
      measurements.push(each);
      console.log(oneLine(each));
    },
    say: console.log,
    ended: (programs) => {
      if (!isProfile) return;
      for (const each of measurements.splice(0)) {
        console.log(printProfile(each, { directory: profiles, programs, top: 15 }));
      }
    },
  });
  if (!isProfile) report(options, { measurements, present, absent });
}

function installed(all: readonly Contender[]): readonly [readonly Contender[], readonly string[]] {
  const present = all.filter(({ version }) => version() !== undefined);
  const absent = all.filter((each) => !present.includes(each)).map(({ name }) => name);
  for (const name of absent)
    console.log(`${name} is not installed, so left out; bench/set-up.sh installs it.`);
  return [present, absent];
}

interface Found {
  readonly measurements: readonly Measurement[];
  readonly present: readonly Contender[];
  readonly absent: readonly string[];
}

/** A part of the lines, or less data, is no reason to lose the whole. */
function report(options: Options, { measurements, present, absent }: Found): void {
  const run: Run = {
    measurements,
    sizes: options.sizes,
    rounds: options.rounds,
    contenders: present.map(({ name, version }) => ({ name, version: version() ?? '' })),
    absent,
    counts: network.counts,
    command: ['npm run bench', ...(options.args.length > 0 ? ['--', ...options.args] : [])].join(
      ' ',
    ),
    machine: machine(),
    date: new Date().toISOString().slice(0, 10),
  };
  const text = markdown(run);
  console.log(`\n${text}`);
  const isWhole = !options.isShort && options.only.length === 0 && absent.length === 0;
  const out = options.out ?? (isWhole ? import.meta.dirname : undefined);
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'RESULTS.md'), text);
  writeFileSync(join(out, 'results.svg'), svg(run));
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(measurements, undefined, 1)}\n`);
  console.log(`Written to ${out}.`);
}

function oneLine({ contender, line, ms, failure }: Measurement): string {
  if (failure !== undefined) return `  ${line}: FAILED. ${failure}`;
  const many = ms.length > 1 ? ` (p99 ${time(quantile(ms, 0.99))} of ${ms.length})` : '';
  return `  ${contender} ${line}: ${ms.length === 0 ? 'taken' : time(median(ms))}${many}`;
}
