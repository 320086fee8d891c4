import type { Query, QueryClient } from '@tanstack/react-query';
import type { Down } from '../../protocol/message.ts';

/** What another's change may have made untrue. */
const OF_CHANGES = ['listing', 'search', 'history', 'trash', 'conflicts', 'stats', 'activity'];

/** Milliseconds in which changes are gathered: many at once are one look. */
const GATHERED = 300;
/** Milliseconds between two looks, however much goes on: each asks for all that is shown. */
const BETWEEN = 2_000;

/** Answers who takes the messages of the live connection, and has shown anew what they make untrue. */
export function followChanges(client: QueryClient): (message: Down) => void {
  const stale = new Set<string>();
  let timer: number | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  /** What was asked at this cursor or later is still true. */
  let reached = 0;

  const refresh = (): void => {
    timer = undefined;
    looked = performance.now();
    const keys = new Set(stale);
    const known = reached;
    stale.clear();
    reached = 0;
    void client.invalidateQueries({
      predicate: (query) => keys.has(`${query.queryKey[0]}`) && !hasReached(query, known),
    });
  };

  const mark = (keys: readonly string[], cursor = Number.POSITIVE_INFINITY): void => {
    for (const key of keys) stale.add(key);
    reached = Math.max(reached, cursor);
    if (timer !== undefined) return;
    timer = setTimeout(refresh, Math.max(GATHERED, looked + BETWEEN - performance.now()));
  };

  return ({ type, data }) => {
    if (type === 'file_changed' || type === 'behind') mark(OF_CHANGES);
    if (type === 'client_joined' || type === 'client_left') mark(['clients', 'stats', 'held']);
    if (type === 'held') mark(['held']);
    // What happened while we did not listen is not told.
    if (type === 'client_connect')
      mark([...OF_CHANGES, 'clients', 'held', 'settings'], data.cursor);
  };
}

/** A listing says at which cursor it was; of a large one it matters not to ask for it twice. */
function hasReached({ state }: Query, cursor: number): boolean {
  const { data } = state;
  if (typeof data !== 'object' || data === null || !('cursor' in data)) return false;
  return Number(data.cursor) >= cursor;
}

/** After a change of our own, which nobody tells us of. */
export const refreshAll = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ predicate: ({ queryKey }) => OF_CHANGES.includes(`${queryKey[0]}`) });
