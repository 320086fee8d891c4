/** How far back one looks. */
export const RANGES = [
  { id: 'hour', title: 'Hour', ms: 3_600_000 },
  { id: 'day', title: 'Day', ms: 86_400_000 },
  { id: 'week', title: 'Week', ms: 7 * 86_400_000 },
  { id: 'month', title: 'Month', ms: 30 * 86_400_000 },
  { id: 'year', title: 'Year', ms: 365 * 86_400_000 },
] as const;
export type RangeId = (typeof RANGES)[number]['id'];

export const rangeOf = (id: RangeId): number => RANGES.find((each) => each.id === id)?.ms ?? 0;

/** A run of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Steps of the slider: finer than a pixel of any screen. */
export const STEPS = 10_000;

/** Where on the slider a time is; at an end when it lies beyond. */
export const stepOf = (time: number, { from, to }: Span): number =>
  to <= from ? STEPS : Math.round(Math.min(Math.max((time - from) / (to - from), 0), 1) * STEPS);

/** The time at a step of the slider. To the millisecond: in an hour, two steps lie within a second. */
export const timeAt = (step: number, { from, to }: Span): number =>
  Math.round(from + ((to - from) * Math.min(Math.max(step, 0), STEPS)) / STEPS);

/** Which of the ranges is the shortest that holds the time. */
export const rangeFor = (time: number, now: number): RangeId =>
  RANGES.find(({ ms }) => time >= now - ms)?.id ?? 'year';

/** As an input of the type `datetime-local` has it: local, to the second. */
export function toLocalInput(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** Undefined for what is no time. */
export function fromLocalInput(text: string): number | undefined {
  const ms = new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

interface Counts {
  readonly creates: number;
  readonly updates: number;
  readonly moves: number;
  readonly deletes: number;
}

export const changesOf = ({ creates, updates, moves, deletes }: Counts): number =>
  creates + updates + moves + deletes;

/** The height of each bar, from 0 to 1. By roots: beside a large upload, a single save is still seen. */
export function barsOf(steps: readonly Counts[]): number[] {
  const most = Math.max(1, ...steps.map(changesOf));
  return steps.map((step) => Math.sqrt(changesOf(step) / most));
}
