import { Failure } from '../protocol/failure.ts';
import type { FolderView } from './by-path.ts';
import type { ClientRecord, FolderState } from './ports.ts';

/** The folder's state; it was opened before anybody could ask. */
export async function mustFindFolder({ metadata, folder }: FolderView): Promise<FolderState> {
  const state = await metadata.folder(folder);
  if (state === undefined) throw new Error('The folder was never opened.');
  return state;
}

/** Throws Failure `not_registered` for a client that is not known. */
export async function mustFindClient(
  { metadata, folder }: FolderView,
  clientId: string,
): Promise<ClientRecord> {
  const client = await metadata.client(folder, clientId);
  if (client === undefined) throw new Failure('not_registered');
  return client;
}
