import { useQuery } from '@tanstack/react-query';
import { call } from './call.ts';

/**
 * How far clients are is told by nobody, so it is asked again and again while somebody looks: often, but where there are so
 * many that the answer is long. Milliseconds.
 */
const EVERY = { few: 2_000, many: 10_000 };
const FEW = 100;

export const useClients = () =>
  useQuery({
    queryKey: ['clients'],
    queryFn: ({ signal }) => call('clients', {}, signal),
    refetchInterval: ({ state }) =>
      (state.data?.clients.length ?? 0) <= FEW ? EVERY.few : EVERY.many,
  });

export const useStats = () =>
  useQuery({
    queryKey: ['stats'],
    queryFn: ({ signal }) => call('stats', {}, signal),
    refetchInterval: EVERY.many,
  });
