import Type, { type Static } from 'typebox';
import { Bytes, RelativePath, Time } from './scalar.ts';

/** A file or directory, by its path, as the contract's routes and messages tell of it. */
export const FileInfo = Type.Object(
  {
    path: RelativePath,
    size: Bytes,
    checksum: Type.String({
      title: 'a SHA-256 in lower-case hex, or empty for a directory',
      pattern: '^(?:[0-9a-f]{64})?$',
      maxLength: 64,
    }),
    modified_time: Time,
    is_directory: Type.Optional(Type.Boolean({ default: false })),
  },
  {
    if: Type.Object({ is_directory: Type.Literal(true) }),
    else: Type.Object({
      checksum: Type.String({ title: 'a SHA-256 in lower-case hex', minLength: 64 }),
    }),
  },
);
export type FileInfo = Static<typeof FileInfo>;
