import type { Measurement } from '../measurement.ts';
import type { Role } from '../system/program.ts';
import { median, quantile, range } from './statistics.ts';

/** All rounds of one line for one contender. */
export interface Summary {
  /** Rounds that came to an end. */
  readonly rounds: number;
  /** Milliseconds; where one round measures many times, of all of them. */
  readonly median: number;
  readonly p99: number;
  /** The least and the most of the rounds, each by its median. */
  readonly spread: readonly [number, number];
  /** Bytes that A sent and got, B got and sent, for each thing that was measured. */
  readonly sent: number;
  readonly got: number;
  readonly gotByB: number;
  readonly sentByB: number;
  /** CPU seconds for each thing that was measured, and bytes at most. */
  readonly cpu: Partial<Readonly<Record<Role, number>>>;
  readonly peak: Partial<Readonly<Record<Role, number>>>;
  readonly more: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

export function summarize(
  all: readonly Measurement[],
  { line, contender }: Pick<Measurement, 'line' | 'contender'>,
): Summary | undefined {
  const mine = all.filter((each) => each.line === line && each.contender === contender);
  if (mine.length === 0) return undefined;
  const whole = mine.filter(({ failure }) => failure === undefined);
  const times = whole.flatMap(({ ms }) => ms);
  const per = (of: (each: Measurement) => number): number =>
    median(whole.map((each) => of(each) / Math.max(1, each.ms.length)));
  return {
    rounds: whole.length,
    median: median(times),
    p99: quantile(times, 0.99),
    spread: range(whole.map(({ ms }) => median(ms))),
    sent: per(({ traffic }) => traffic.a.sent),
    got: per(({ traffic }) => traffic.a.received),
    gotByB: per(({ traffic }) => traffic.b.received),
    sentByB: per(({ traffic }) => traffic.b.sent),
    cpu: byKey(whole, ({ cpu, ms }) => scaled(cpu, Math.max(1, ms.length))),
    peak: byKey(whole, ({ peak }) => peak),
    more: byKey(whole, ({ more }) => more),
    failures: mine.flatMap(({ failure }) => failure ?? []),
  };
}

type Numbers = Readonly<Partial<Record<string, number>>>;

const scaled = (numbers: Numbers, by: number): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, (value ?? 0) / by]));

/** The median of each number that any of them has. */
function byKey(
  all: readonly Measurement[],
  of: (each: Measurement) => Numbers,
): Readonly<Record<string, number>> {
  const keys = new Set(all.flatMap((each) => Object.keys(of(each))));
  const values = (key: string): number[] => all.flatMap((each) => of(each)[key] ?? []);
  return Object.fromEntries([...keys].map((key) => [key, median(values(key))]));
}
