import { Failure } from '../../protocol/failure.ts';
import type { HeldUp } from '../../protocol/held.ts';
import { MAX_MESSAGE } from '../../protocol/limits.ts';
import type { Up } from '../../protocol/message.ts';
import type { SyncRequest } from '../../protocol/sync.ts';
import type { FileChangedUp } from '../../protocol/up.ts';
import type { Audit } from '../audit.ts';
import { locate, namesOf } from '../by-path.ts';
import type { Author, FolderPorts } from '../commit-by-path.ts';
import { compareFolder } from '../compare-folder.ts';
import { deletePath } from '../delete-path.ts';
import type { Log } from '../log.ts';
import { moveFile } from '../move-file.ts';
import { changeFrames } from './announcement.ts';
import type { Connection, Member } from './connection.ts';
import type { FanOut } from './fan-out.ts';
import type { Holds } from './holds.ts';
import { noteApplied } from './note-applied.ts';
import type { Roster } from './roster.ts';

export interface HandleParts {
  readonly ports: FolderPorts;
  readonly roster: Roster;
  readonly fanOut: FanOut;
  readonly holds: Holds;
  readonly audit: Pick<Audit, 'record'>;
  readonly log: Log;
}

interface Context extends HandleParts {
  readonly connection: Connection;
  readonly member: Member;
}

/** Does what a connected client says, but for heartbeats. Throws the Failure that it is answered with. */
export async function handleMessage(context: Context, { type, data }: Up): Promise<void> {
  const { connection, log } = context;
  switch (type) {
    case 'client_connect':
      throw new Failure('bad_request', 'This connection is open already.');
    case 'client_disconnect':
      return connection.close(1000, 'goodbye');
    case 'sync_request':
      return await answerSync(context, data);
    case 'file_changed':
      return await carryOut(context, data);
    case 'applied':
      return await noteApplied(context, data);
    case 'error':
      return log.debug(
        { client: connection.clientId, code: data.error_code },
        'a client complains',
      );
    case 'held':
      return hearOfHeld(context, data);
    case 'heartbeat':
      return;
  }
}

/** A word goes down only to who has just said that it holds that: it cannot be for anything else. */
function hearOfHeld({ connection, ports, holds, fanOut }: Context, told: HeldUp): void {
  const { clientId } = connection;
  if (holds.tell(clientId, told.holds, ports.clock.now())) fanOut.heldChanged();
  const words = holds.wordsFor(clientId);
  if (words !== undefined) connection.say({ type: 'word', data: words });
}

/** Bytes of a FileInfo, at least. */
const SMALLEST_INFO = 100;

async function answerSync({ connection, ports, audit }: Context, data: SyncRequest): Promise<void> {
  const { clientId } = connection;
  audit.record({ clientId, action: 'request', detail: 'sync_request' });
  const answer = await compareFolder(ports, data);
  const { files_to_sync: files, conflicts } = answer;
  const isLong = (files.length + conflicts.length) * SMALLEST_INFO > MAX_MESSAGE;
  if (isLong || Buffer.byteLength(JSON.stringify(answer)) > MAX_MESSAGE) {
    throw new Failure('request_too_large', 'The answer is too long for a message: ask POST /sync.');
  }
  connection.say({ type: 'sync_response', data: answer });
}

/** A deletion and a move are carried out here; contents come by `POST /upload`, and are only told of. */
async function carryOut(context: Context, change: FileChangedUp): Promise<void> {
  const { connection, member, ports, audit } = context;
  const { operation, file_path: path, old_path: from } = change;
  const { clientId } = connection;
  const author: Author = { clientId, clientName: member.name };
  audit.record({ clientId, action: 'request', detail: `file_changed ${operation}` });
  if (operation === 'delete') {
    await deletePath(ports, { path, author });
  } else if (operation === 'move') {
    if (typeof from !== 'string') throw new Failure('bad_request', 'A move needs an old_path.');
    await moveFile(ports, { from, to: path, author });
  } else {
    await tellAgain(context, { operation, path });
  }
}

interface Stored {
  readonly operation: 'create' | 'update';
  readonly path: string;
}

/** The commit was told when it was stored. Who says so again may know of somebody who missed it. */
async function tellAgain(
  { connection, ports, roster, fanOut }: Context,
  { operation, path }: Stored,
): Promise<void> {
  const { found } = await locate(ports, namesOf(path));
  if (found === undefined) {
    throw new Failure('not_found', 'There is nothing at this path: upload it first.');
  }
  const { clientId } = connection;
  const { entry } = found;
  const frame = changeFrames({ operation, path, clientId, entry, now: ports.clock.now() });
  for (const [other, { isEngine }] of roster.others(clientId)) {
    if (isEngine) other.offer(fanOut.behind(), () => fanOut.behind());
    else other.offer(frame, () => frame);
  }
}
