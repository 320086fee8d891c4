import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What shall happen in a process that was started with `failpoint.ts`; read anew at every step. */
export interface Plan {
  /** Steps are counted, and told in the log, from when this is another word than before. */
  readonly round: string;
  /** The step to act at; none: they are only counted. */
  readonly at?: Step;
  /** What the process sends to itself there. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
  /** Milliseconds that the clock is ahead of the machine's. */
  readonly clock?: number;
  /** Waits of an hour that end at once, of all since the process started; none: hours last as long as they do. */
  readonly hours?: number;
}

/** The n-th time that something is done at one place of the source, from 1. */
export interface Step {
  /** Such as `before renameSync src/client/disk/node/place.ts:70`. */
  readonly name: string;
  readonly nth: number;
}

/** The environment variable that names the file of the plan. The log lies beside it. */
export const PLAN = 'KILL_TEST_PLAN';

/** What a wait of an hour is called among the steps, where the plan has hours. */
export const AN_HOUR = 'an hour';

/** Whole or not at all: the process may read it at any time. */
export function writePlan(path: string, plan: Plan): void {
  writeFileSync(`${path}.new`, JSON.stringify(plan));
  renameSync(`${path}.new`, path);
}

export const logOf = (path: string): string => `${path}.log`;

/** The steps that were made, in their order, from the last round on. */
export function stepsIn(path: string, round: string): Step[] {
  const lines = readFileSync(logOf(path), 'utf8').split('\n');
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    const [of, name] = line.split('\t');
    if (of !== round || name === undefined) return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [{ name, nth }];
  });
}

/** So that a log of many rounds is not read again and again. The process may go on writing to it. */
export const forgetSteps = (path: string): void => writeFileSync(logOf(path), '');
