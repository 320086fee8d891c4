import { parseArgs } from 'node:util';
import { FULL, SHORT, type Sizes } from './arena.ts';

export const HELP = `npm run bench -- [OPTION …]

Measures Syncer (a server and two clients, as a user would start them) and beside it rsync, Unison and
Syncthing, where they are installed (bench/set-up.sh does that), on the same data, in turns.

  --short            2,000 files and 64 MiB instead of 20,000 and 1 GiB; one round
  --rounds N         how often everything is done (3)
  --only LINE …      these lines only: first memory edit many rename restart large middle front,
                     far (a round trip of 100 ms), idle, crowd, connections
  --without PEER …   without rsync, Unison or Syncthing
  --profile LINE …   our processes only, once: where the time goes in these lines
  --clients N        only: N live clients and one change, and the server's memory then
  --scaling [N …]    only: us with N small files (1000 10000 100000 1000000)
  --past             only: a folder with 100,000 files and 1,000,000 changes, in a browser and by
                     its requests (a tenth with --short)
  --micro            only: cut, hash, merge, commit and fan-out by themselves
  --out DIRECTORY    where the results go: RESULTS.md, results.svg, results.json. A whole run
                     writes into bench/, and so does a whole --past; any other nowhere
  --directory DIR    where to work (the system's place for temporary files); some 15 GiB
  --help

Examples:
  npm run bench
  npm run bench -- --short
  npm run bench -- --only large middle --rounds 5 --without Unison Syncthing
  npm run bench -- --profile first
  npm run bench -- --scaling 1000 10000

Ctrl-C ends every process that it started, and removes what it made.`;

export interface Options {
  /** As typed. */
  readonly args: readonly string[];
  readonly sizes: Sizes;
  readonly isShort: boolean;
  readonly rounds: number;
  /** Empty: all. */
  readonly only: readonly string[];
  readonly without: readonly string[];
  readonly profile: readonly string[];
  /** Numbers of files. */
  readonly scaling: readonly number[];
  readonly isMicro: boolean;
  readonly isPast: boolean;
  readonly out: string | undefined;
  readonly directory: string | undefined;
}

/** Throws an Error that says what is wrong with what was typed. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: spread(args),
    options: {
      short: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      without: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string', multiple: true, default: [] },
      clients: { type: 'string' },
      scaling: { type: 'string', multiple: true, default: [] },
      micro: { type: 'boolean', default: false },
      past: { type: 'boolean', default: false },
      out: { type: 'string' },
      directory: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const isProfile = values.profile.length > 0;
  return {
    args,
    sizes: sizesOf(values),
    isShort: values.short,
    rounds:
      values.rounds === undefined ? (values.short || isProfile ? 1 : 3) : numberOf(values.rounds),
    only: values.clients === undefined ? values.only : ['crowd'],
    scaling: values.scaling.map(numberOf),
    isMicro: values.micro,
    isPast: values.past,
    without: values.without.map((each) => each.toLowerCase()),
    profile: values.profile,
    out: values.out,
    directory: values.directory,
  };
}

function sizesOf({ short, clients }: { short: boolean; clients?: string | undefined }): Sizes {
  const sizes = short ? SHORT : FULL;
  return clients === undefined ? sizes : { ...sizes, clients: numberOf(clients) };
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${text} is not a number of things.`);
}

const LISTS = new Set(['--only', '--without', '--profile', '--scaling']);
const STEPS = ['1000', '10000', '100000', '1000000'];

/** `--only a b` as `--only a --only b`: what follows a list's name belongs to it. */
function spread(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    if (arg.startsWith('--')) {
      const isAlone = args[at + 1]?.startsWith('--') ?? true;
      if (arg === '--scaling' && isAlone) return STEPS.flatMap((step) => [arg, step]);
      return LISTS.has(arg) ? [] : [arg];
    }
    const option = args.slice(0, at).findLast((each) => each.startsWith('--'));
    return option !== undefined && LISTS.has(option) ? [option, arg] : [arg];
  });
}
