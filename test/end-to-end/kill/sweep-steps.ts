import { AN_HOUR, type Step } from './plan.ts';

/** The hours of a day without a sweep lie between two of them. */
const BETWEEN = 6;

/** Of the steps of a server's hours those of the hours with a sweep; without what only reads or waits. */
export function stepsOfSweeps(steps: readonly Step[]): Step[] {
  let hour = 0;
  return steps.filter(({ name }) => {
    const isSweep = hour % BETWEEN === 0;
    const isWait = name.includes(` ${AN_HOUR} `);
    if (isWait) hour += 1;
    return isSweep && !isWait && !/(?:BEGIN|COMMIT) .*sqlite\/store/.test(name);
  });
}

/**
 * One of each kind of those after which something else lies on the disk than before: commits by what the sweep wrote in
 * them, and what was written, named and removed.
 */
export function oneOfEachKind(steps: readonly Step[]): Step[] {
  const seen = new Set<string>();
  let written: string[] = [];
  return steps.filter(({ name }) => {
    if (name.startsWith('after BEGIN')) written = [];
    if (/^after (?!.*FROM commits).*sqlite\/sweeping/.test(name)) written.push(name);
    const isCommit = name.startsWith('after COMMIT') && written.length > 0;
    const isCall = /^after (?:write|link|unlink) .*objects|^before .*answered/.test(name);
    const kind = isCommit ? [...new Set(written)].join() : name;
    if (!(isCommit || isCall) || seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}
