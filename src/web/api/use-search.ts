import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from './call.ts';

/** The value, once it has rested so many milliseconds. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

/** What has the text in its name, anywhere in the folder; nothing is asked for an empty text. */
export function useSearch(text: string) {
  const rested = useRested(text.trim(), 200);
  return useQuery({
    queryKey: ['search', rested],
    queryFn: ({ signal }) => call('search', { query: { text: rested, limit: 1_000 } }, signal),
    enabled: rested !== '',
    placeholderData: keepPreviousData,
  });
}
