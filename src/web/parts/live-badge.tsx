import { live } from '../api/use-changes.ts';
import { useObservable } from '../observable.ts';

const WORDS = {
  connecting: 'Connecting',
  open: 'Live',
  waiting: 'Not connected, trying again',
  refused: 'The key was refused',
} as const;

/** Whether what is shown follows what happens. */
export const LiveBadge = () => {
  const state = useObservable(live.state);
  return (
    <p className="live-badge" data-state={state} role="status">
      <span className="dot" aria-hidden="true" />
      <span className="live-words">{WORDS[state]}</span>
    </p>
  );
};
