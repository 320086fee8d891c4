import Type, { type Static } from 'typebox';
import { FileInfo } from './file-info.ts';
import { MAX_SYNC_FILES } from './limits.ts';
import { ClientId, DirectoryPath, RelativePath, Time } from './scalar.ts';

export const SyncOperation = Type.Enum(['create', 'update', 'delete', 'move']);
export type SyncOperation = Static<typeof SyncOperation>;

/** One operation on one file. */
export const SyncMessage = Type.Object({
  operation: SyncOperation,
  file_info: FileInfo,
  client_id: ClientId,
  timestamp: Time,
  old_path: Type.Optional(Type.Union([RelativePath, Type.Null()])),
});
export type SyncMessage = Static<typeof SyncMessage>;

/** Everything that a client has, to be compared with what the server has. */
export const SyncRequest = Type.Object({
  client_id: ClientId,
  files: Type.Array(FileInfo, { maxItems: MAX_SYNC_FILES }),
  sync_root: DirectoryPath,
});
export type SyncRequest = Static<typeof SyncRequest>;

/**
 * What to do so that both sides are equal; `uploads` and `downloads` together are `files_to_sync`.
 */
export const SyncResponse = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  files_to_sync: Type.Array(FileInfo),
  conflicts: Type.Array(Type.String(), {
    description: 'Paths that differ and whose copy on the server is newer.',
  }),
  uploads: Type.Array(Type.String(), { description: 'Paths that the client should send.' }),
  downloads: Type.Array(Type.String(), { description: 'Paths that the client should fetch.' }),
});
export type SyncResponse = Static<typeof SyncResponse>;
