import Type, { type Static } from 'typebox';
import { FileInfo } from './file-info.ts';
import { Bytes, ClientId, RelativePath, Time } from './scalar.ts';

/** What the contract's routes answer, and the fields of their forms. */
export const Health = Type.Object({
  status: Type.Literal('healthy'),
  timestamp: Time,
  version: Type.Optional(Type.String({ description: 'Of the program.' })),
  protocol_version: Type.Optional(Type.Integer()),
  degraded: Type.Optional(
    Type.Integer({ description: 'Chunks that rotted, 1,000 at most; left out for none.' }),
  ),
});
export type Health = Static<typeof Health>;

export const Done = Type.Object({ success: Type.Boolean(), message: Type.String() });
export type Done = Static<typeof Done>;

export const Compression = Type.Enum(['none', 'gzip', 'zlib']);
export type Compression = Static<typeof Compression>;

/** The text fields of the form; the file itself comes as the part `file`. */
export const UploadFields = Type.Object({
  relative_path: RelativePath,
  client_id: ClientId,
  compression_type: Type.Optional(Compression),
  original_size: Type.Optional(Bytes),
});
export type UploadFields = Static<typeof UploadFields>;

export const Uploaded = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  file_info: FileInfo,
});
export type Uploaded = Static<typeof Uploaded>;

export const PathParams = Type.Object({ path: RelativePath });
export type PathParams = Static<typeof PathParams>;

export const DeleteQuery = Type.Object({ client_id: ClientId });
export type DeleteQuery = Static<typeof DeleteQuery>;
