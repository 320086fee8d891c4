import { type Arena, becomeCalm, measure } from '../arena.ts';
import type { Measurement } from '../measurement.ts';
import { sleep } from '../system/until.ts';
import { exactCpuSeconds } from '../system/usage.ts';

const ROLES = ['A', 'B', 'server'] as const;

/**
 * Before the minute, for everyone alike; milliseconds. What was done is tidied up after it, and a runtime collects the garbage
 * of 100,000 files when it sees that nothing more comes, some ten to thirty seconds later. That is a part of the work, and
 * not of the rest.
 */
const SETTLING = 36_000;

/** Nothing happens: how much of a core each program uses, in percent. */
export async function idle(arena: Arena): Promise<Measurement> {
  const { session, sizes } = arena;
  await becomeCalm(session.programs);
  await sleep(SETTLING);
  const used = (): number[] =>
    ROLES.map((role) => {
      const own = session.programs.filter((each) => each.role === role && each.isRunning);
      return own.reduce((sum, { pid }) => sum + exactCpuSeconds(pid), 0);
    });
  let percent: Readonly<Record<string, number>> = {};
  return await measure(arena, {
    line: 'idle',
    act: async () => {
      const [before, begin] = [used(), performance.now()];
      await sleep(sizes.idleSeconds * 1000);
      const [after, seconds] = [used(), (performance.now() - begin) / 1000];
      percent = Object.fromEntries(
        ROLES.map((role, at) => [role, (100 * ((after[at] ?? 0) - (before[at] ?? 0))) / seconds]),
      );
      return [];
    },
    more: async () => percent,
  });
}
