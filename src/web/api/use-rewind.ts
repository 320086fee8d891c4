import {
  keepPreviousData,
  type QueryClient,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Rewound } from '../../protocol/rewind.ts';
import { addPart, type Preview } from '../rewind-preview.ts';
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

/** What a rewind would change: soon what is known of it, and more as it is found. */
export function useRewindPreview(path: string, to: To) {
  const client = useQueryClient();
  const queryKey = ['rewind', path, to];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => previewOf({ client, queryKey, path, to }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Parts that are asked for: each takes the server some tenth of a second, in which it looks through thousands of changes. */
const MOST_PARTS = 50;

interface Asked {
  readonly client: QueryClient;
  readonly queryKey: readonly unknown[];
  readonly path: string;
  readonly to: To;
}

async function previewOf(
  { client, queryKey, path, to }: Asked,
  signal: AbortSignal,
): Promise<Preview> {
  const isFirstTime = client.getQueryData<Preview>(queryKey)?.isWhole !== true;
  let preview: Preview | undefined;
  let after = 0;
  for (let parts = 1; ; parts += 1) {
    // A time is one cursor for all of them.
    const wish = bodyOf(path, preview === undefined ? to : { cursor: preview.to });
    const part = await call('rewind', { body: { ...wish, dry_run: true, after } }, signal);
    preview = addPart(preview, part);
    if (part.next === undefined || parts === MOST_PARTS) return preview;
    after = part.next;
    if (isFirstTime) client.setQueryData<Preview>(queryKey, preview);
  }
}

export async function rewind(path: string, to: To): Promise<Rewound> {
  const result = await call('rewind', { body: bodyOf(path, to) });
  await refreshAll(queries);
  return result;
}
