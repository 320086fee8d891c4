import type { Disk, DiskProblem, Path } from '../../ports.ts';

export type Step = Exclude<keyof Disk, 'features'> | 'write' | 'finish' | 'discard';

/** Undefined: nothing goes wrong. */
export type Fault = (step: Step, path: Path) => DiskProblem | undefined;

/** What goes wrong on a memory disk, and when. */
export interface Faults {
  /**
   * Asked before every step, and within a step before each change that it makes to the volume. A
   * problem makes the step fail there; what it throws itself is thrown (a program that ends there).
   */
  readonly fault?: Fault;
  /** Bytes that all files together may have. More are 'full'. */
  readonly capacity?: number;
}

/** The `n`th time it is asked, from 1, it has this problem; once. */
export function failAt(n: number, problem: DiskProblem): Fault {
  let asked = 0;
  return () => {
    asked += 1;
    return asked === n ? problem : undefined;
  };
}

/** Whoever works on `path` has this problem, and whoever goes through it. It can still be looked at. */
export function deny(path: Path, problem: DiskProblem = 'denied'): Fault {
  return (step, asked) => {
    if (!path.every((name, depth) => asked[depth] === name)) return undefined;
    return step === 'look' && asked.length === path.length ? undefined : problem;
  };
}
