import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(width < 46rem)');

const watch = (watcher: () => void): (() => void) => {
  narrow.addEventListener('change', watcher);
  return () => narrow.removeEventListener('change', watcher);
};

/** Whether the page is as narrow as a phone: the same width as in the styles. */
export const useIsNarrow = (): boolean => useSyncExternalStore(watch, () => narrow.matches);
