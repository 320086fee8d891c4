import { execFileSync } from 'node:child_process';
import type { Contender, Place, Session } from './contenders/contender.ts';
import type { Key, Measurement } from './measurement.ts';
import type { Network } from './system/network.ts';
import type { Program, Role } from './system/program.ts';
import { until } from './system/until.ts';
import { exactCpuSeconds } from './system/usage.ts';

/** How much of everything there is. */
export interface Sizes {
  readonly files: number;
  /** Bytes of the large file. */
  readonly large: number;
  readonly edits: number;
  /** Files that come at once. */
  readonly many: number;
  /** Files for the idle line. */
  readonly idleFiles: number;
  readonly idleSeconds: number;
  readonly clients: number;
  readonly connections: number;
  /** What takes longer has failed. Seconds. */
  readonly limit: number;
}

export const FULL: Sizes = {
  files: 20_000,
  large: 2 ** 30,
  edits: 200,
  many: 1_000,
  idleFiles: 100_000,
  idleSeconds: 60,
  clients: 1_000,
  connections: 10_000,
  limit: 600,
};

export const SHORT: Sizes = {
  files: 2_000,
  large: 2 ** 26,
  edits: 40,
  many: 200,
  idleFiles: 2_000,
  idleSeconds: 10,
  clients: 100,
  connections: 500,
  limit: 60,
};

/** One contender's session under way, and what is measured in it. */
export interface Arena {
  readonly contender: Contender;
  readonly session: Session;
  readonly place: Place;
  readonly round: number;
  readonly sizes: Sizes;
  /** Empty, and on the disk of A's directory: what lies ready here appears there by one rename. */
  readonly ready: string;
}

export interface Measuring {
  readonly line: string;
  /** Does it, and returns when it is done; of several, how long each took. */
  readonly act: () => Promise<readonly number[] | undefined>;
  /** When each of several began; nanoseconds of the monotonic clock. */
  readonly begins?: readonly number[];
  readonly more?: () => Promise<Readonly<Record<string, number>>>;
}

/** Milliseconds between two looks at how much memory there is. */
const SAMPLING = 50;

/** How long something took, and what it cost. */
export async function measure(
  arena: Arena,
  { line, act, more, begins = [] }: Measuring,
): Promise<Measurement> {
  const { session, place } = arena;
  await becomeCalm(session.programs);
  const before = new Map(session.programs.map((program) => [program, program.cpu()]));
  for (const program of session.programs) program.forgetPeak();
  const sampling = setInterval(() => session.programs.map((each) => each.peak()), SAMPLING);
  const traffic = trafficOf(place.network);
  const [begin, since] = [Number(process.hrtime.bigint()), performance.now()];
  try {
    const times = (await act()) ?? [performance.now() - since];
    const end = Number(process.hrtime.bigint());
    const costs = {
      traffic: difference(trafficOf(place.network), traffic),
      cpu: byRole(session.programs, (each) => each.cpu() - (before.get(each) ?? 0)),
      peak: byRole(session.programs, (each) => each.peak()),
    };
    const key: Key = { line, contender: arena.contender.name, round: arena.round };
    return {
      ...key,
      ms: times,
      ...costs,
      more: (await more?.()) ?? {},
      window: [begin, end],
      begins,
    };
  } finally {
    clearInterval(sampling);
  }
}

/** Nothing that was begun before is still going on, neither in them nor in the system's write-back. */
export async function becomeCalm(programs: readonly Program[]): Promise<void> {
  execFileSync('sync');
  const running = programs.filter((program) => program.isRunning);
  const total = (): number => running.reduce((sum, each) => sum + exactCpuSeconds(each.pid), 0);
  let last = total();
  const isCalm = (): boolean => {
    const now = total();
    const used = now - last;
    last = now;
    return used < CALM.seconds;
  };
  await until(isCalm, { seconds: 60, every: CALM.every, what: 'all is calm' }).catch(() => {});
}

/** So much CPU within so many milliseconds is calm. */
const CALM = { seconds: 0.01, every: 300 };

const trafficOf = (network: Network): Measurement['traffic'] => ({
  a: network.traffic('a'),
  b: network.traffic('b'),
});

const difference = (
  now: Measurement['traffic'],
  then: Measurement['traffic'],
): Measurement['traffic'] => {
  const of = (host: 'a' | 'b') => ({
    sent: now[host].sent - then[host].sent,
    received: now[host].received - then[host].received,
  });
  return { a: of('a'), b: of('b') };
};

function byRole(
  programs: readonly Program[],
  of: (program: Program) => number,
): Partial<Record<Role, number>> {
  const sums: Partial<Record<Role, number>> = {};
  for (const program of programs) sums[program.role] = (sums[program.role] ?? 0) + of(program);
  return sums;
}
