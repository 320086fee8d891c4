import { useQuery } from '@tanstack/react-query';
import { call } from './call.ts';

/** How far clients are is told by nobody, so it is asked again and again while somebody looks. */
const EVERY = 10_000;

export const useClients = () =>
  useQuery({
    queryKey: ['clients'],
    queryFn: ({ signal }) => call('clients', {}, signal),
    refetchInterval: EVERY,
  });

export const useStats = () =>
  useQuery({
    queryKey: ['stats'],
    queryFn: ({ signal }) => call('stats', {}, signal),
    refetchInterval: EVERY,
  });
