import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Rewound } from '../../protocol/rewind.ts';
import { call } from './call.ts';
import { queries } from './client.ts';
import { refreshAll } from './follow-changes.ts';
import { ownId } from './own-id.ts';

/** A cursor, perhaps with the time of its change, or a time. Milliseconds since 1970. */
export type To = { readonly cursor: number; readonly at?: number } | { readonly time: number };

const bodyOf = (path: string, to: To) => ({
  client_id: ownId(),
  to: 'cursor' in to ? to.cursor : new Date(to.time).toISOString(),
  ...(path !== '' && { path }),
});

/** What a rewind would change. */
export const useRewindPreview = (path: string, to: To) =>
  useQuery({
    queryKey: ['rewind', path, to],
    queryFn: ({ signal }) =>
      call('rewind', { body: { ...bodyOf(path, to), dry_run: true } }, signal),
    placeholderData: keepPreviousData,
  });

export async function rewind(path: string, to: To): Promise<Rewound> {
  const result = await call('rewind', { body: bodyOf(path, to) });
  await refreshAll(queries);
  return result;
}
