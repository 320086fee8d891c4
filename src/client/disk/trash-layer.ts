/**
 * The trash is made of layers: one for each day, and more (`2026-11-22 (2)`) where a path was thrown away
 * again on that day. Below its layer everything has the path that it had, so none is ever a guess.
 */
export const layerName = (day: string, number: number): string =>
  number === 1 ? day : `${day} (${number})`;

/** The day, in UTC, as a name that sorts. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Undefined for a name that is no layer's: somebody else's in our trash. */
export const dayOfLayer = (name: string): string | undefined =>
  /^(\d{4}-\d\d-\d\d)(?: \(\d+\))?$/.exec(name)?.[1];

/** A layer of today where the path is free; of few looks, however often it was thrown away today. */
export function freeLayer(day: string, isTaken: (layer: string) => boolean): string {
  let [taken, free] = [0, 1];
  while (isTaken(layerName(day, free))) [taken, free] = [free, free * 2];
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (isTaken(layerName(day, middle))) taken = middle;
    else free = middle;
  }
  return layerName(day, free);
}
