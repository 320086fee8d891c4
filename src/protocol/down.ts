import Type, { type Static } from 'typebox';
import { ErrorMessage } from './failure.ts';
import { FileInfo } from './file-info.ts';
import { HeldNotice, Words } from './held.ts';
import { WirePushed } from './pushed.ts';
import { Count, Cursor, Epoch, Time, Version } from './scalar.ts';
import { SyncOperation, SyncResponse } from './sync.ts';
import { HeartbeatMessage } from './up.ts';

/** `client_connect` down. The last five are for clients that named a protocol version. */
export const ConnectionResponse = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  server_time: Time,
  protocol_version: Type.Optional(Version),
  epoch: Type.Optional(Epoch),
  cursor: Type.Optional(Cursor),
  held: Type.Optional(
    Type.With(Count, {
      description:
        'How many masses the server knows this client to hold. Absent: it does not take `held`.',
    }),
  ),
  applied_every: Type.Optional(
    Type.With(Count, {
      description:
        'The server takes `applied`: about so many milliseconds after the first news, and not oftener, but when it asks.',
    }),
  ),
});
export type ConnectionResponse = Static<typeof ConnectionResponse>;

const change = {
  operation: SyncOperation,
  file_path: Type.String(),
  old_path: Type.Optional(Type.String()),
  client_id: Type.String({ description: 'Of the client whose change it is.' }),
};

/**
 * The older names of a change, `file_updated` and `file_deleted`, for clients that named no
 * protocol version.
 */
export const FileNotice = Type.Object(change);
export type FileNotice = Static<typeof FileNotice>;

/**
 * `file_changed` down. Clients that named a protocol version get one for each commit: it names the
 * first of its changes, and `pushed` holds them all. The others get one for each change.
 */
export const FileChangedDown = Type.Object({
  ...change,
  file_info: Type.Optional(FileInfo),
  pushed: Type.Optional(WirePushed),
});
export type FileChangedDown = Static<typeof FileChangedDown>;

/** `client_joined` and `client_left`: what became of another client. */
export const ClientNotice = Type.Object({ client_id: Type.String(), name: Type.String() });
export type ClientNotice = Static<typeof ClientNotice>;

/** The folder is at this cursor: ask for what is new. */
export const Behind = Type.Object({ cursor: Cursor });
export type Behind = Static<typeof Behind>;

/** Somebody waits: a client says `applied` as soon as it has everything up to this cursor, or at once. */
export const AppliedWanted = Type.Object({ cursor: Cursor });
export type AppliedWanted = Static<typeof AppliedWanted>;

/** The data of every message that the server sends, by the message's type. */
export const DOWN = {
  client_connect: ConnectionResponse,
  client_joined: ClientNotice,
  client_left: ClientNotice,
  file_changed: FileChangedDown,
  file_updated: FileNotice,
  file_deleted: FileNotice,
  behind: Behind,
  applied_wanted: AppliedWanted,
  sync_response: SyncResponse,
  heartbeat: HeartbeatMessage,
  held: HeldNotice,
  word: Words,
  error: ErrorMessage,
};
