import type { Implementations } from './assemble.ts';
import { makeDirectories } from './make-directories.ts';
import type { ClientState } from './ports.ts';
import { Refused, systemReason } from './refused.ts';
import { StateDamaged, StateLocked, StateTooNew } from './state/failures.ts';
import type { StateHome } from './state-home.ts';
import { readStatus } from './status-file.ts';

export interface Opening {
  readonly home: StateHome;
  /** Begin anew, with the old state set aside. */
  readonly reset: boolean;
  /** Milliseconds since 1970; dates what is set aside. */
  readonly now: number;
}

export interface OpenedState {
  readonly state: ClientState;
  /** Where an old state was put, and why; undefined: none was. */
  readonly aside: { readonly path: string; readonly reason: string } | undefined;
}

/**
 * Opens what the client remembers. A damaged state is set aside by itself: a new one knows nothing, so that
 * nothing is deleted on either side, and what is equal is united. Throws Refused.
 */
export async function openClientState(
  { openState, setStateAside }: Implementations,
  { home, reset, now }: Opening,
): Promise<OpenedState> {
  const { state: path } = home;
  const to = `${path}.${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  try {
    makeDirectories(home.folder, 0o700);
    if (reset) await setStateAside({ path, to });
    const aside = reset ? { path: to, reason: 'It was asked for.' } : undefined;
    return { state: await openState(path), aside };
  } catch (error) {
    if (!(error instanceof StateDamaged)) throw refusal(error, home);
    await setStateAside({ path, to });
    return { state: await openState(path), aside: { path: to, reason: error.message } };
  }
}

function refusal(error: unknown, { folder, status }: StateHome): unknown {
  if (error instanceof StateLocked) {
    const pid = readStatus(status)?.pid;
    const who = pid === undefined ? '' : ` (process ${pid})`;
    const message = `Another syncer-client is at work on this directory${who}. Stop it first, or leave the work to it.`;
    return new Refused(message, { cause: error });
  }
  if (error instanceof StateTooNew) {
    return new Refused(`${error.message} Use that version.`, { cause: error });
  }
  if (!(error instanceof Error && 'code' in error)) return error;
  const message = `The client cannot keep its state in ${folder}: ${systemReason(error)}.`;
  return new Refused(`${message} Set SYNCER_STATE_HOME to a directory that can be written.`, {
    cause: error,
  });
}
