import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Listed } from '../../protocol/listing.ts';
import { call } from './call.ts';

export interface Children {
  /** Of the folder, when it was begun to be asked for. */
  readonly cursor: number;
  readonly children: readonly Listed[];
  /** False while there are more to come. */
  readonly isWhole: boolean;
}

const PAGE = 1_000;

/** Everything in a directory. A large one is shown from its first page on, and the rest as it comes. */
export function useListing(path: string, isWanted = true) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ['listing', path],
    queryFn: ({ signal }) => loadAll(client, path, signal),
    enabled: isWanted,
  });
}

async function loadAll(client: QueryClient, path: string, signal: AbortSignal): Promise<Children> {
  const key = ['listing', path];
  const isFirstTime = client.getQueryData<Children>(key)?.isWhole !== true;
  const children: Listed[] = [];
  let shown = 0;
  let after: string | undefined;
  let cursor: number | undefined;
  for (;;) {
    const query = {
      limit: PAGE,
      ...(path !== '' && { path }),
      ...(after !== undefined && { after }),
    };
    const page = await call('listing', { query }, signal);
    cursor ??= page.cursor;
    children.push(...page.children);
    if (page.next === null) return { cursor, children, isWhole: true };
    after = page.next;
    // Twice as many each time: each showing sorts all that there are.
    if (isFirstTime && children.length >= 2 * shown) {
      shown = children.length;
      client.setQueryData<Children>(key, { cursor, children: [...children], isWhole: false });
    }
  }
}
