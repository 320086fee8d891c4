import { type Implementations, serverOptions } from '../assemble.ts';
import type { Located } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { readingsOf } from '../path-meant.ts';
import { Refused } from '../refused.ts';
import { StateDamaged, StateTooNew } from '../state/failures.ts';
import { stateHome } from '../state-home.ts';

export interface OpenFolder {
  readonly folder: FolderApi;
  /** By which the server knows this client; undefined where it never ran, so that it can only ask. */
  readonly clientId: string | undefined;
}

/** The server, for a command that works beside a client or without one. */
export async function openFolder(
  implementations: Implementations,
  located: Located,
): Promise<OpenFolder> {
  const clientId = await clientIdOf(implementations, located);
  const folder = await implementations.openFolder({ ...serverOptions(located), clientId });
  return { folder, clientId };
}

/** The same, for one that changes something in this client's name. */
export async function openFolderToChange(
  implementations: Implementations,
  located: Located,
): Promise<FolderApi> {
  const { folder, clientId } = await openFolder(implementations, located);
  if (clientId !== undefined) return folder;
  throw new Refused(
    `The client of ${located.file} never ran, so the server does not know it. Start it once (syncer-client start), then try again.`,
  );
}

/** Undefined where there is no state, or none that is whole. */
async function clientIdOf(
  { readState }: Implementations,
  { directory }: Located,
): Promise<string | undefined> {
  try {
    const state = await readState(stateHome(directory).state);
    const clientId = state?.standing.clientId;
    state?.close();
    return clientId;
  } catch (error) {
    if (error instanceof StateDamaged) return undefined;
    if (error instanceof StateTooNew) throw new Refused(`${error.message} Use that version.`);
    throw error;
  }
}

/** What a path that a person typed may be in the folder, with `/`: seen from where they are, or from the directory. */
export function pathsMeant({ directory }: Located, path: string): string[] {
  const paths = [...readingsOf(directory, path)].map((names) => names.join('/'));
  if (paths.length > 0) return [...new Set(paths)];
  throw new Refused(`${path} is not in ${directory}. PATH names something in it.`, { exitCode: 2 });
}
