import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Span } from '../time-scale.ts';
import { call } from './call.ts';

/** How much was changed when, in so many equal steps. */
export const useActivity = ({ from, to }: Span, steps: number) =>
  useQuery({
    queryKey: ['activity', from, to, steps],
    queryFn: ({ signal }) => {
      const query = {
        since: new Date(from).toISOString(),
        until: new Date(to).toISOString(),
        steps,
      };
      return call('activity', { query }, signal);
    },
    placeholderData: keepPreviousData,
  });
