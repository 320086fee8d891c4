import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** V8's name for the microseconds between a sample and the one before; in our house one word of it means something else. */
const STEPS = 'time\u0044eltas';

/** As V8 writes it (`--cpu-prof`). */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly [STEPS]: readonly number[];
}

export interface Share {
  readonly name: string;
  /** Milliseconds in the function itself, and with what it called. */
  readonly self: number;
  readonly total: number;
  /** By which of our own functions it was called, the innermost first, and the milliseconds of each way. */
  readonly ways: ReadonlyMap<string, number>;
}

export const profiling = (directory: string): readonly string[] => [
  '--cpu-prof',
  '--cpu-prof-interval=500',
  `--cpu-prof-dir=${directory}`,
];

export interface Within {
  /** Of the process. */
  readonly pid: number;
  /** Nanoseconds of the monotonic clock. */
  readonly window: readonly [number, number];
}

/** Where a process spent this time, the most first. */
export function sharesOf(directory: string, { pid, window }: Within): Share[] {
  const all = profilesOf(directory, pid).flatMap((profile) => sharesIn(profile, window));
  return all.sort((a, b) => b.self - a.self);
}

/** One for each of its threads. */
function profilesOf(directory: string, pid: number): CpuProfile[] {
  const files = readdirSync(directory).filter((name) => name.split('.')[3] === String(pid));
  return files.map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')));
}

function forEachSample(
  { samples, startTime, [STEPS]: steps }: CpuProfile,
  [begin, end]: Within['window'],
  take: (node: number, sample: { readonly at: number; readonly ms: number }) => void,
): void {
  let at = startTime * 1000;
  for (const [index, node] of samples.entries()) {
    at += (steps[index] ?? 0) * 1000;
    if (at >= begin && at <= end) take(node, { at, ms: (steps[index + 1] ?? 0) / 1000 });
  }
}

function sharesIn(profile: CpuProfile, window: Within['window']): Share[] {
  const stacks = stacksOf(profile);
  const [self, total] = [new Map<string, number>(), new Map<string, number>()];
  const ways = new Map<string, Map<string, number>>();
  forEachSample(profile, window, (node, { ms }) => {
    const [name = '', ...callers] = stacks(node);
    add(self, name, ms);
    for (const each of new Set([name, ...callers])) add(total, each, ms);
    const own = ways.get(name) ?? new Map<string, number>();
    ways.set(name, own);
    add(own, wayOf(callers), ms);
  });
  return [...self].map(([name, ms]) => ({
    name,
    self: ms,
    total: total.get(name) ?? ms,
    ways: ways.get(name) ?? new Map(),
  }));
}

const IDLE = '(idle)';

/**
 * How busy the process's main thread was in each of so many equal parts of these times, which are of
 * one length; 0 to 1, on average.
 */
export function busyIn(
  directory: string,
  { pid, windows, parts }: { pid: number; windows: readonly Within['window'][]; parts: number },
): readonly number[] {
  const busy = Array.from({ length: parts }, () => 0);
  for (const profile of profilesOf(directory, pid)) {
    const stacks = stacksOf(profile);
    for (const [begin, end] of windows) {
      const part = (end - begin) / parts;
      forEachSample(profile, [begin, end], (node, { at, ms }) => {
        const index = Math.min(parts - 1, Math.floor((at - begin) / part));
        if (stacks(node)[0] === IDLE) return;
        busy[index] = (busy[index] ?? 0) + (ms * 1e6) / part / windows.length;
      });
    }
  }
  return busy;
}

function add(to: Map<string, number>, name: string, ms: number): void {
  to.set(name, (to.get(name) ?? 0) + ms);
}

/** Answers, for a node, the names of its function and of its callers. */
function stacksOf({ nodes }: CpuProfile): (node: number) => readonly string[] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node.callFrame)]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const known = new Map<number, readonly string[]>();
  return (node) => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const stack: string[] = [];
    for (let each: number | undefined = node; each !== undefined; each = parents.get(each)) {
      stack.push(names.get(each) ?? '');
    }
    known.set(node, stack);
    return stack;
  };
}

const OWN = / (?:dist|src)\//;

/** The six functions of ours that are nearest. */
const wayOf = (callers: readonly string[]): string =>
  callers
    .filter((name) => OWN.test(name))
    .slice(0, 6)
    .map((name) => name.replace(/ (?:dist|src)\/.*\/([^/]+)\.[jt]s:\d+$/, ' ($1)'))
    .join(' < ');

/** Where one of our files, or of our packages', begins to have a name that says something. */
const PLACE = /(?:dist|src|node_modules)\/.*$/;

function nameOf({
  functionName,
  url,
  lineNumber,
}: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  return `${name} ${PLACE.exec(url)?.[0] ?? url}:${lineNumber + 1}`;
}
