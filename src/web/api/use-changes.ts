import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Live } from '../live.ts';
import { followChanges } from './follow-changes.ts';

/** The one live connection of this page. */
export const live = new Live();

/** Keeps the live connection open, and what is shown true. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const unlisten = live.listen(followChanges(client));
    live.start();
    return () => {
      unlisten();
      live.stop();
    };
  }, [client]);
}
