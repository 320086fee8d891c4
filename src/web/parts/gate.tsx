import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { queries } from '../api/client.ts';
import { currentKey } from '../api/session.ts';
import { SignIn } from '../pages/sign-in.tsx';
import { Busy } from './busy.tsx';

/** Settings, once we are allowed to see them. The cookie is for what the browser loads by itself: images, downloads. */
async function enter() {
  const settings = await call('settings', {});
  const hasKey = currentKey() !== undefined;
  if (settings.needs_key && hasKey) await call('openSession', {});
  return { settings, mayEnter: hasKey || !settings.needs_key };
}

const ENTRY = ['settings', 'entry'];

/** Asks for the key where the server wants one, and shows nothing before. */
export const Gate = ({ children }: { children: ReactNode }) => {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ENTRY,
    queryFn: enter,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isRefused = error instanceof ApiError && [401, 403].includes(error.status);
  if (isRefused || data?.mayEnter === false) {
    return <SignIn onDone={() => queries.resetQueries({ queryKey: ENTRY })} />;
  }
  if (data !== undefined) return children;
  if (isPending) return <Busy what="Reaching the server" />;
  return (
    <main className="blank" role="alert">
      <h1>The server does not answer</h1>
      <p>{error?.message}</p>
      <button type="button" className="button primary" onClick={() => refetch()}>
        Try again
      </button>
    </main>
  );
};
