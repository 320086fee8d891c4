// `npm run bench`: us and our peers on the same data, in turns, with real processes.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from '../test/browser/build-web.ts';
import { compare } from './compare.ts';
import type { Contender } from './contenders/contender.ts';
import { rsync } from './contenders/rsync.ts';
import { syncer } from './contenders/syncer.ts';
import { syncthing } from './contenders/syncthing.ts';
import { unison } from './contenders/unison.ts';
import { install } from './install.ts';
import type { Measurement } from './measurement.ts';
import { micro } from './micro/micro.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { past } from './past/past.ts';
import { profiling } from './profile.ts';
import { GOALS } from './report/goals.ts';
import { printProfile } from './report/print-profile.ts';
import { writePart } from './report/results-file.ts';
import { commandOf, tellPart } from './report/tell-part.ts';
import { oneLine, writeResults } from './report/write-results.ts';
import { scaling } from './scaling.ts';
import { enterNamespace, openNetwork } from './system/network.ts';
import { endAll, type Program } from './system/program.ts';

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
    if (found !== 'help') {
      mustBeLines([...found.only, ...found.profile]);
      return found;
    }
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n--help shows what there is.`);
    process.exit(2);
  }
}

function mustBeLines(wanted: readonly string[]): void {
  const known = GOALS.map(({ line }) => line);
  const unknown = wanted.find((line) => !known.includes(line));
  if (unknown === undefined) return;
  throw new Error(`There is no line ${unknown}. There are: ${known.join(' ')}.`);
}

async function run(options: Options): Promise<void> {
  const { sizes, rounds, profile, scaling: steps } = options;
  if (options.isMicro) return tellPart('micro', options, await micro(directory));
  if (options.isPast) return await runPast(options);
  const isProfile = profile.length > 0;
  const isOurs = isProfile || steps.length > 0;
  const peers = isOurs
    ? []
    : PEERS.filter(({ name }) => !options.without.includes(name.toLowerCase()));
  const [present, absent] = installed([syncer, ...peers]);
  const profiles = join(directory, 'profiles');
  mkdirSync(profiles);
  const bin = install(join(directory, 'package'));
  const ours = { bin, nodeOptions: isProfile ? profiling(profiles) : [] };
  const common = { sizes, directory, network, ours, say: console.log };
  if (steps.length > 0) return tellPart('scaling', options, await scaling(common, steps));
  const measurements: Measurement[] = [];
  const tell = (each: Measurement): void => {
    measurements.push(each);
    console.log(oneLine(each));
  };
  const ended = (programs: readonly Program[]): void => {
    for (const each of isProfile ? measurements.splice(0) : []) {
      console.log(printProfile(each, { directory: profiles, programs, top: 15 }));
    }
  };
  const lines = linesOf(options);
  await compare({ ...common, contenders: present, lines, rounds, tell, ended });
  if (!isProfile) {
    writeResults(options, { measurements, present, absent, counts: network.counts });
  }
}

/** A part of the results by itself. */
async function runPast(options: Options): Promise<void> {
  const { isShort, rounds, out } = options;
  await buildWeb();
  const bin = install(join(directory, 'package'));
  const sizes = isShort
    ? { files: 10_000, records: 100_000 }
    : { files: 100_000, records: 1_000_000 };
  const section = await past({
    ...{ directory, network, rounds, say: console.log },
    ours: { bin, nodeOptions: [] },
    sizes: { ...sizes, seed: 7 },
    command: commandOf(options),
  });
  console.log(`\n${section}`);
  const where = out ?? (isShort ? undefined : import.meta.dirname);
  if (where !== undefined) writePart(where, 'past', section);
}

function linesOf({ only, profile }: Options): readonly string[] {
  const wanted = [...profile, ...only];
  return wanted.length > 0 ? wanted : GOALS.map(({ line }) => line);
}

function installed(all: readonly Contender[]): readonly [readonly Contender[], readonly string[]] {
  const present = all.filter(({ version }) => version() !== undefined);
  const absent = all.filter((each) => !present.includes(each)).map(({ name }) => name);
  for (const name of absent) {
    console.log(`${name} is not installed, so left out; bench/set-up.sh installs it.`);
  }
  return [present, absent];
}
