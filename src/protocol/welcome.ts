import Type, { type Static } from 'typebox';
import { Point } from './point.ts';
import {
  Bytes,
  ClientId,
  ClientName,
  Cursor,
  DirectoryPath,
  Epoch,
  Time,
  Token,
  Version,
} from './scalar.ts';

/** A client says who it is and how far it has come. */
export const Introduction = Type.Object(
  {
    client_id: ClientId,
    name: ClientName,
    sync_root: DirectoryPath,
    cursor: Cursor,
    known: Type.Optional(Point),
    identity: Type.Optional(
      Type.Object(
        { last: Type.Union([Token, Type.Null()]), next: Token },
        {
          additionalProperties: false,
          description:
            'The token it was last welcome with, and a fresh one: a copy of the client does not know the last.',
        },
      ),
    ),
    protocol_version: Version,
  },
  { additionalProperties: false },
);
export type Introduction = Static<typeof Introduction>;

export const Welcome = Type.Object({
  protocol_version: Version,
  epoch: Epoch,
  cursor: Cursor,
  knows: Type.Boolean({
    description: 'Whether `known` is a point of this history; true where none was named.',
  }),
  max_file_size: Bytes,
  allowed_extensions: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'null: all.',
  }),
  server_time: Time,
});
export type Welcome = Static<typeof Welcome>;
