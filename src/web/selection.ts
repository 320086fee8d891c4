/** What is chosen in a list, and where one stands in it. Indexes are of the list as it is shown. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  /** -1: nowhere yet. */
  readonly at: number;
  /** Where a run of chosen ones began. */
  readonly anchor: number;
}

export const NOTHING: Selection = { chosen: new Set(), at: -1, anchor: -1 };

/** Stands at one, and chooses nothing. */
export const standAt = (index: number): Selection => ({ ...NOTHING, at: index, anchor: index });

/** Chooses one more, or no longer. */
export function toggle(selection: Selection, ids: readonly string[], index: number): Selection {
  const id = ids[index];
  if (id === undefined) return selection;
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, at: index, anchor: index };
}

/** Chooses all between where the run began and here. */
export function extendTo(selection: Selection, ids: readonly string[], index: number): Selection {
  const anchor = Math.max(0, selection.anchor);
  const [first, last] = anchor < index ? [anchor, index] : [index, anchor];
  return { chosen: new Set(ids.slice(first, last + 1)), at: index, anchor };
}

export const chooseAll = (selection: Selection, ids: readonly string[]): Selection => ({
  ...selection,
  chosen: new Set(ids),
});

interface Step {
  /** Down; up, when it is below zero. */
  readonly by: number;
  readonly extends: boolean;
}

/** A step through the list, which ends at its ends. */
export function step(selection: Selection, ids: readonly string[], move: Step): Selection {
  if (ids.length === 0) return NOTHING;
  const from = selection.at < 0 ? (move.by > 0 ? -1 : ids.length) : selection.at;
  const index = Math.min(Math.max(from + move.by, 0), ids.length - 1);
  return move.extends ? extendTo(selection, ids, index) : standAt(index);
}

/** The list was shown anew: what is gone is not chosen any longer, and one stands within it. */
export function within(selection: Selection, ids: readonly string[]): Selection {
  const last = ids.length - 1;
  const there = new Set(ids);
  const chosen = [...selection.chosen].filter((id) => there.has(id));
  if (chosen.length === selection.chosen.size && selection.at <= last) return selection;
  return {
    chosen: new Set(chosen),
    at: Math.min(selection.at, last),
    anchor: Math.min(selection.anchor, last),
  };
}
