import { useQuery } from '@tanstack/react-query';
import { call } from './call.ts';

/** Conflict copies that nobody has settled yet. */
export const useConflicts = () =>
  useQuery({
    queryKey: ['conflicts'],
    queryFn: ({ signal }) => call('conflicts', {}, signal),
  });
