import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks a second in /proc, on every Linux of today. */
const TICKS = 100;

/** A process and all that it started and that still runs. */
export function treeOf(pid: number): number[] {
  const found = [pid];
  for (const each of found) found.push(...childrenOf(each));
  return found;
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

const threadsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** CPU seconds of a process and its children so far, those that ended included; to 10 ms. */
export function cpuSeconds(pid: number): number {
  const ticks = treeOf(pid).map((each) => {
    // The name in brackets may hold anything; 11 fields after it come the four times.
    const fields = read(`/proc/${each}/stat`).split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS;
}

/** CPU seconds of what runs now, to the nanosecond; what ended is not in it. */
export function exactCpuSeconds(pid: number): number {
  const times = treeOf(pid).flatMap((each) =>
    threadsOf(each).map((thread) =>
      Number(read(`/proc/${each}/task/${thread}/schedstat`).split(' ')[0]),
    ),
  );
  return times.reduce((sum, each) => sum + each, 0) / 1e9;
}

/** Bytes of memory that a process and its children had at most (`VmHWM`), or have (`VmRSS`). */
export function memory(pid: number, which: 'VmHWM' | 'VmRSS'): number {
  const sizes = treeOf(pid).map((each) => {
    const status = read(`/proc/${each}/status`);
    return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
  });
  return sizes.reduce((sum, each) => sum + each, 0);
}

/** From now on the most is counted anew. */
export function forgetPeak(pid: number): void {
  for (const each of treeOf(pid)) {
    try {
      writeFileSync(`/proc/${each}/clear_refs`, '5');
    } catch {
      // It ended meanwhile, or is not ours: its peak is that of its life.
    }
  }
}

/** Nothing, of a process that ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
