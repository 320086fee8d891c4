import type { QueryClient } from '@tanstack/react-query';
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

  const refresh = (): void => {
    timer = undefined;
    looked = performance.now();
    const keys = [...stale];
    stale.clear();
    void client.invalidateQueries({ predicate: ({ queryKey }) => keys.includes(`${queryKey[0]}`) });
  };

  const mark = (keys: readonly string[]): void => {
    for (const key of keys) stale.add(key);
    if (timer !== undefined) return;
    timer = setTimeout(refresh, Math.max(GATHERED, looked + BETWEEN - performance.now()));
  };

  return ({ type }) => {
    if (type === 'file_changed' || type === 'behind') mark(OF_CHANGES);
    if (type === 'client_joined' || type === 'client_left') mark(['clients', 'stats']);
    // What happened while we did not listen is not told.
    if (type === 'client_connect') mark([...OF_CHANGES, 'clients', 'settings']);
  };
}

/** After a change of our own, which nobody tells us of. */
export const refreshAll = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ predicate: ({ queryKey }) => OF_CHANGES.includes(`${queryKey[0]}`) });
