import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** What was refused stays refused; what could not be answered is asked for again. */
const isWorthAnotherTry = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

/** What was asked before. The live connection says what is no longer so. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && isWorthAnotherTry(error),
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
