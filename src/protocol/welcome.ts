import Type, { type Static } from 'typebox';
import {
  Bytes,
  ClientId,
  ClientName,
  Cursor,
  DirectoryPath,
  Epoch,
  Time,
  Version,
} from './scalar.ts';

/** A client says who it is and how far it has come. */
export const Introduction = Type.Object(
  {
    client_id: ClientId,
    name: ClientName,
    sync_root: DirectoryPath,
    cursor: Cursor,
    protocol_version: Version,
  },
  { additionalProperties: false },
);
export type Introduction = Static<typeof Introduction>;

export const Welcome = Type.Object({
  protocol_version: Version,
  epoch: Epoch,
  cursor: Cursor,
  max_file_size: Bytes,
  allowed_extensions: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'null: all.',
  }),
  server_time: Time,
});
export type Welcome = Static<typeof Welcome>;
