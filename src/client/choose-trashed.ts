import type { Path } from './ports.ts';
import type { Trashed } from './trashed.ts';

/** What was at a path when it was thrown away, or below it. */
export const isAtOrBelow = ({ path: at }: Trashed, top: Path): boolean =>
  top.every((name, depth) => same(at[depth], name));

const same = (a: string | undefined, b: string): boolean =>
  a?.normalize('NFC') === b.normalize('NFC');

/** When it was thrown away, in UTC, as it is shown and asked for: `2026-11-22 14:03:55`. */
export const timeText = ({ since }: Trashed): string =>
  new Date(since).toISOString().slice(0, 19).replace('T', ' ');

/** A day as the trash counts them, or the beginning of a time as it is shown. */
export const isOfDay = (thing: Trashed, day: string): boolean =>
  thing.day === day || timeText(thing).startsWith(day);

export const newestFirst = (a: Trashed, b: Trashed): number =>
  b.since - a.since || (a.path.join('/') < b.path.join('/') ? -1 : 1);

export interface Chosen {
  /** One for each path. */
  readonly things: readonly Trashed[];
  /** Versions that were thrown away before those. */
  readonly older: number;
}

/**
 * Of each path at or below `top`, what was thrown away last. Where `top` was a file once and a directory at
 * another time, it is what it was last.
 */
export function chooseTrashed(
  all: readonly Trashed[],
  { top, day }: { readonly top: Path; readonly day: string | undefined },
): Chosen {
  const meant = all
    .filter((one) => isAtOrBelow(one, top) && (day === undefined || isOfDay(one, day)))
    .sort(newestFirst);
  const wasFile = meant[0]?.path.length === top.length;
  const candidates = meant.filter(({ path }) => (path.length === top.length) === wasFile);
  const newest = new Map<string, Trashed>();
  for (const one of candidates) {
    const key = one.path.join('/');
    if (!newest.has(key)) newest.set(key, one);
  }
  return { things: [...newest.values()], older: candidates.length - newest.size };
}
