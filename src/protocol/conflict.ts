import Type, { type Static } from 'typebox';
import { RelativePath, Time } from './scalar.ts';

/** How a person settles a conflict: keep the local version, the remote one, or both in one. */
export const Resolution = Type.Enum(['local', 'remote', 'merge']);
export type Resolution = Static<typeof Resolution>;

export const ConflictResolution = Type.Object({
  file_path: RelativePath,
  resolution: Resolution,
  timestamp: Time,
});
export type ConflictResolution = Static<typeof ConflictResolution>;

/** A conflict copy that nobody has settled yet. */
export const ConflictCopy = Type.Object({
  path: Type.String({ description: 'Where the conflict copy is.' }),
  original: Type.String({ description: 'Where the version is that kept the path.' }),
  client: Type.String({ description: 'The name of the client whose version the copy holds.' }),
  time: Time,
});
export type ConflictCopy = Static<typeof ConflictCopy>;

export const ConflictCopies = Type.Object({ conflicts: Type.Array(ConflictCopy) });
export type ConflictCopies = Static<typeof ConflictCopies>;

/** A file that several clients changed lately: perhaps a conflict to come. */
export const Contested = Type.Object({
  contested: Type.Array(
    Type.Object({
      path: Type.String(),
      node: Type.String(),
      clients: Type.Array(Type.String(), { description: 'Client ids.' }),
      last: Time,
    }),
  ),
});
export type Contested = Static<typeof Contested>;

export const ContestedQuery = Type.Object(
  { since: Type.Optional(Time) },
  { additionalProperties: false, description: '`since`: one hour ago, when it is not given.' },
);
export type ContestedQuery = Static<typeof ContestedQuery>;
