import Type, { type Static } from 'typebox';
import { LINES, MAX_LINES, MAX_NAME, MAX_PATH } from './limits.ts';
import { Bytes, Cursor, Name, NodeId, RelativePath, Sha256, Time } from './scalar.ts';

const limit = Type.Integer({ minimum: 1, maximum: MAX_LINES, default: LINES });

/** A living node, as a person looks at it. */
export const Listed = Type.Object({
  node: NodeId,
  path: Type.String(),
  name: Type.String(),
  kind: Type.Enum(['file', 'directory', 'symlink']),
  checksum: Type.Optional(Sha256),
  size: Type.Optional(Bytes),
  modified_time: Type.Optional(Time),
  executable: Type.Optional(Type.Boolean()),
  target: Type.Optional(Type.String({ maxLength: MAX_PATH })),
  version: Type.With(Cursor, { description: 'Of the change that last set what it holds.' }),
  author: Type.String({ description: 'The name of the client that did so.' }),
});
export type Listed = Static<typeof Listed>;

export const ListingQuery = Type.Object(
  {
    path: Type.Optional(RelativePath),
    after: Type.Optional(Name),
    limit: Type.Optional(limit),
  },
  {
    additionalProperties: false,
    description:
      '`path`: of a directory; the folder itself, when it is not given. `after`: the name of the last one, for the next page.',
  },
);
export type ListingQuery = Static<typeof ListingQuery>;

/** One directory's page, in the order of names. `next`: as `after`, for the next page; null on the last one. */
export const Listing = Type.Object({
  cursor: Cursor,
  children: Type.Array(Listed),
  next: Type.Union([Type.String(), Type.Null()]),
});
export type Listing = Static<typeof Listing>;

export const SearchQuery = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: MAX_NAME }),
    limit: Type.Optional(limit),
  },
  { additionalProperties: false },
);
export type SearchQuery = Static<typeof SearchQuery>;

/** Living nodes whose names hold the text, whatever its case. `is_whole`: there are no more of them. */
export const Found = Type.Object({ found: Type.Array(Listed), is_whole: Type.Boolean() });
export type Found = Static<typeof Found>;

export const ContentParams = Type.Object({ checksum: Sha256 });
export const ContentQuery = Type.Object(
  { name: Type.Optional(Name) },
  { additionalProperties: false, description: '`name`: what a browser calls it when it is saved.' },
);

export const ArchiveQuery = Type.Object(
  { path: Type.Optional(RelativePath) },
  { additionalProperties: false },
);
