import type { Implementations } from '../assemble.ts';
import type { Located } from '../config.ts';
import type { Disk } from '../ports.ts';
import { Refused } from '../refused.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import { stateHome } from '../state-home.ts';

/** Refuses to change a directory that is not there, or is not the one that this client's state was made for (S6). */
export async function mustBeBound(
  implementations: Implementations,
  { directory }: Located,
  disk: Disk,
): Promise<void> {
  const root = await disk.root();
  if (root.state === 'absent')
    throw new Refused(`The directory ${directory} is not there. Is its disk mounted?`);
  const instance = await instanceOf(implementations, directory);
  if (root.state === 'bound' && root.instance === instance) return;
  throw new Refused(
    instance === undefined || root.state === 'unbound'
      ? `${directory} is not bound to this client. Start it once (syncer-client start), then try again.`
      : `${directory} belongs to another client state. Use that one, or see: syncer-client start --help`,
  );
}

/** Undefined where there is no state, or none that is whole. */
async function instanceOf(
  { readState }: Implementations,
  directory: string,
): Promise<string | undefined> {
  try {
    const state = await readState(stateHome(directory).state);
    const instance = state?.standing.instance;
    state?.close();
    return instance;
  } catch (error) {
    if (error instanceof StateDamaged) return undefined;
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    throw error;
  }
}
