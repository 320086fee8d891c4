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
}

export const profiling = (directory: string): readonly string[] => [
  '--cpu-prof',
  '--cpu-prof-interval=500',
  `--cpu-prof-dir=${directory}`,
];

/** Where one process, by its id, spent this time (nanoseconds of the monotonic clock), the most first. */
export function sharesOf(
  directory: string,
  { pid, window }: { pid: number; window: readonly [number, number] },
): Share[] {
  const files = readdirSync(directory).filter((name) => name.split('.')[3] === String(pid));
  const all = files.flatMap((file) => {
    const profile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
    return sharesIn(profile, window);
  });
  return all.sort((a, b) => b.self - a.self);
}

function sharesIn(profile: CpuProfile, [begin, end]: readonly [number, number]): Share[] {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node.callFrame)]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, ms: number): unknown =>
    to.set(name, (to.get(name) ?? 0) + ms);
  let at = profile.startTime;
  for (const [index, node] of profile.samples.entries()) {
    at += profile[STEPS][index] ?? 0;
    if (at * 1000 < begin || at * 1000 > end) continue;
    const ms = (profile[STEPS][index + 1] ?? 0) / 1000;
    add(self, names.get(node) ?? '', ms);
    const stack = new Set<string>();
    for (let each: number | undefined = node; each !== undefined; each = parents.get(each)) {
      stack.add(names.get(each) ?? '');
    }
    for (const name of stack) add(total, name, ms);
  }
  return [...self].map(([name, ms]) => ({ name, self: ms, total: total.get(name) ?? ms }));
}

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
