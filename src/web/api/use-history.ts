import { useInfiniteQuery } from '@tanstack/react-query';
import type { HistoryQuery } from '../../protocol/history.ts';
import { call } from './call.ts';

const PAGE = 100;

/** The history, newest first, in pages; of one node, of what lies below a path, of one client. */
export function useHistory(query: Omit<HistoryQuery, 'before' | 'limit'>) {
  const { data, ...rest } = useInfiniteQuery({
    queryKey: ['history', query],
    queryFn: ({ pageParam, signal }) => {
      const before = pageParam === undefined ? {} : { before: pageParam };
      return call('history', { query: { ...query, ...before, limit: PAGE } }, signal);
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ history }) => (history.length < PAGE ? undefined : history.at(-1)?.cursor),
  });
  return { ...rest, lines: data?.pages.flatMap(({ history }) => history) };
}
