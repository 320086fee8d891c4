import type { Contender } from './contenders/contender.ts';
import type { Traffic } from './system/network.ts';
import type { Role } from './system/program.ts';

/** What one line was for one contender in one round. */
export interface Measurement {
  readonly line: string;
  readonly contender: Contender['name'];
  readonly round: number;
  /** Of each thing that was measured: usually one. Empty when it failed, or is no time. */
  readonly ms: readonly number[];
  /** Of machine A and B, for all of them together. */
  readonly traffic: Readonly<Record<'a' | 'b', Traffic>>;
  /** Seconds, and bytes at most meanwhile; of whom there is. */
  readonly cpu: Partial<Readonly<Record<Role, number>>>;
  readonly peak: Partial<Readonly<Record<Role, number>>>;
  /** Numbers that only this line has. */
  readonly more: Readonly<Record<string, number>>;
  /** Why there is none. */
  readonly failure?: string;
  /** When it began and ended; nanoseconds of the monotonic clock, which all processes share. */
  readonly window: readonly [number, number];
  /** When each of several began, by the same clock. */
  readonly begins?: readonly number[];
}

export type Key = Pick<Measurement, 'line' | 'contender' | 'round'>;
