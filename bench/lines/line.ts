import type { Arena } from '../arena.ts';
import type { Contender } from '../contenders/contender.ts';
import type { Measurement } from '../measurement.ts';

export interface Line {
  readonly key: string;
  /** Others cannot do it, or nothing is asked of them. */
  readonly contenders: readonly Contender['name'][];
  /** What has to happen before it, measured or not. */
  readonly after: readonly string[];
  readonly run: (arena: Arena) => Promise<Measurement>;
}

/** What has to run for these lines, in order. */
export function neededFor(
  lines: readonly Line[],
  wanted: readonly string[],
  { name }: Contender,
): readonly Line[] {
  const mine = lines.filter(({ contenders }) => contenders.includes(name));
  const keys = new Set(
    mine.filter(({ key }) => wanted.includes(key)).flatMap(({ key, after }) => [key, ...after]),
  );
  return mine.filter(({ key }) => keys.has(key));
}
