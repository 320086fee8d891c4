import { Failure } from '../../protocol/failure.ts';
import type { AppliedMessage } from '../../protocol/up.ts';
import type { FolderPorts } from '../commit-by-path.ts';
import { mustFindFolder } from '../find-folder.ts';
import type { Connection } from './connection.ts';
import type { FanOut } from './fan-out.ts';

interface Parts {
  readonly connection: Connection;
  readonly fanOut: Pick<FanOut, 'cursor'>;
  readonly ports: Pick<FolderPorts, 'metadata' | 'folder'>;
}

/** A client tells how far it is. It is kept in memory, and stored when the client is next written down as seen. */
export async function noteApplied(
  { connection, fanOut, ports }: Parts,
  { cursor, held }: AppliedMessage,
): Promise<void> {
  // What is stored may be asked for before it is told of.
  if (cursor > fanOut.cursor && cursor > (await mustFindFolder(ports)).cursor)
    throw new Failure('bad_request', 'The folder has not reached this cursor.');
  connection.reached = { cursor, held };
}
