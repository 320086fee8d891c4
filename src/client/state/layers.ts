import { type Entry, sameEntry, type Versioned } from '../../core/entry.ts';

/** What one node is in each of the three trees. */
export interface Values {
  readonly synced: Versioned | undefined;
  readonly local: Entry | undefined;
  readonly remote: Versioned | undefined;
}

/** What a node is on one side; `entry` undefined: it is not there. */
export interface Difference<E extends Entry> {
  readonly entry: E | undefined;
}

/** One node as it is stored: synced whole, the sides only where they differ from it. */
export interface Layers {
  readonly synced: Versioned | undefined;
  readonly local: Difference<Entry> | undefined;
  readonly remote: Difference<Versioned> | undefined;
}

export function layersOf({ synced, local, remote }: Values): Layers {
  return {
    synced,
    local: sameEntry(local, synced) ? undefined : { entry: local },
    remote: sameVersioned(remote, synced) ? undefined : { entry: remote },
  };
}

export const sameVersioned = (a: Versioned | undefined, b: Versioned | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameEntry(a, b) && sameVersions(a, b));

export const sameDifference = <E extends Entry>(
  a: Difference<E> | undefined,
  b: Difference<E> | undefined,
  same: (a: E | undefined, b: E | undefined) => boolean,
): boolean => (a === undefined || b === undefined ? a === b : same(a.entry, b.entry));

const sameVersions = (a: Versioned, b: Versioned): boolean =>
  a.placeVersion === b.placeVersion &&
  a.contentVersion === b.contentVersion &&
  a.author === b.author;
