import Type, { type Static } from 'typebox';
import { ErrorMessage } from './failure.ts';
import { HeldUp } from './held.ts';
import {
  ClientId,
  ClientName,
  Count,
  Cursor,
  DirectoryPath,
  RelativePath,
  Time,
} from './scalar.ts';
import { SyncOperation, SyncRequest } from './sync.ts';

/** `client_connect` up. One that names no protocol version speaks only the plain contract. */
export const ConnectionRequest = Type.Object({
  client_id: ClientId,
  client_name: ClientName,
  sync_root: Type.Optional(DirectoryPath),
  api_key: Type.Optional(Type.Union([Type.String({ maxLength: 1024 }), Type.Null()])),
  protocol_version: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  cursor: Type.Optional(Cursor),
  presence: Type.Optional(
    Type.Boolean({ description: 'False: is not told who comes and who goes.' }),
  ),
  reports: Type.Optional(
    Type.Boolean({ description: 'True: keeps a directory, and tells by `applied` how far it is.' }),
  ),
});
export type ConnectionRequest = Static<typeof ConnectionRequest>;

/** `file_changed` up. Who sends it is known from the connection, not from `client_id`. */
export const FileChangedUp = Type.Object({
  operation: SyncOperation,
  file_path: RelativePath,
  old_path: Type.Optional(Type.Union([RelativePath, Type.Null()])),
  client_id: Type.Optional(ClientId),
});
export type FileChangedUp = Static<typeof FileChangedUp>;

/** `applied`: the client's disk holds everything up to this cursor, and that will survive a power loss. */
export const AppliedMessage = Type.Object({
  cursor: Cursor,
  held: Type.With(Count, {
    description: 'But for so many paths: they are in trouble there, or wait for a person’s word.',
  }),
});
export type AppliedMessage = Static<typeof AppliedMessage>;

/** `heartbeat`, both ways. */
export const HeartbeatMessage = Type.Object({
  client_id: Type.Optional(ClientId),
  timestamp: Type.Optional(Time),
});
export type HeartbeatMessage = Static<typeof HeartbeatMessage>;

export const Goodbye = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 1024 })) });

/** The data of every message that a client sends, by the message's type. */
export const UP = {
  client_connect: ConnectionRequest,
  client_disconnect: Goodbye,
  file_changed: FileChangedUp,
  sync_request: SyncRequest,
  applied: AppliedMessage,
  heartbeat: HeartbeatMessage,
  held: HeldUp,
  error: ErrorMessage,
};
