import Type, { type Static } from 'typebox';
import { LINES, MAX_LINES } from './limits.ts';
import { Bytes, ClientId, Count, Cursor, NodeId, RelativePath, Sha256, Time } from './scalar.ts';
import { SyncOperation } from './sync.ts';

const Kind = Type.Enum(['file', 'directory', 'symlink']);

/** What a file held, by its bytes. */
export const HeldContent = Type.Object({ checksum: Sha256, size: Bytes });
export type HeldContent = Static<typeof HeldContent>;

/** Something that was deleted, and can be had again. What went with a directory is not told of by itself. */
export const Deleted = Type.Object({
  node: NodeId,
  version: Type.With(Cursor, { description: 'Of the deletion: what `POST /v1/restore` takes.' }),
  path: Type.String({ description: 'Where it was.' }),
  kind: Kind,
  checksum: Type.Optional(Sha256),
  size: Type.Optional(Bytes),
  time: Type.With(Time, { description: 'When it was deleted.' }),
  client_id: Type.String(),
  client_name: Type.String(),
});
export type Deleted = Static<typeof Deleted>;

export const TrashQuery = Type.Object(
  {
    path: Type.Optional(RelativePath),
    before: Type.Optional(Cursor),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LINES, default: LINES })),
  },
  {
    additionalProperties: false,
    description:
      '`path`: what was there or below it. `before`: the version of the last one, for the next page.',
  },
);
export type TrashQuery = Static<typeof TrashQuery>;

/** Newest first. `next`: as `before`, for the next page; null on the last one. */
export const Trash = Type.Object({
  deleted: Type.Array(Deleted),
  next: Type.Union([Cursor, Type.Null()]),
});
export type Trash = Static<typeof Trash>;

export const RestoreRequest = Type.Object(
  {
    client_id: ClientId,
    node: NodeId,
    version: Type.With(Cursor, {
      description:
        'Of one of its changes: it gets what it held after that; of a deletion, what it held before.',
    }),
  },
  { additionalProperties: false },
);
export type RestoreRequest = Static<typeof RestoreRequest>;

/** `path`: where it is now. No cursors: it was so already, and nothing was changed. */
export const Restored = Type.Object({
  path: Type.String(),
  restored: Type.With(Count, { description: 'Nodes, with those in a directory.' }),
  first: Type.Optional(Cursor),
  last: Type.Optional(Cursor),
});
export type Restored = Static<typeof Restored>;

export const RewindRequest = Type.Object(
  {
    client_id: ClientId,
    path: Type.Optional(RelativePath),
    to: Type.Union([Cursor, Time]),
    dry_run: Type.Optional(Type.Boolean({ default: false })),
    after: Type.Optional(Cursor),
  },
  {
    additionalProperties: false,
    description:
      '`path`: the folder itself, when it is not given. `to`: a cursor, or a time; what was committed together by then counts whole. `after`, with `dry_run`: only a part of what it would change, soon; 0 for the first, `next` of the one before for the others, with its `to`.',
  },
);
export type RewindRequest = Static<typeof RewindRequest>;

/** One node's step back. `path`: afterwards; of a deletion, before. */
export const RewindStep = Type.Object({
  node: NodeId,
  operation: SyncOperation,
  kind: Kind,
  path: Type.String(),
  old_path: Type.Optional(Type.String()),
  content: Type.Optional(HeldContent),
  replaced: Type.Optional(HeldContent),
});
export type RewindStep = Static<typeof RewindStep>;

/** What could not be what it was: it stays away, or keeps the content that it has. */
export const RewindProblem = Type.Object({
  node: NodeId,
  path: Type.String({ description: 'Where it is or, where it is not there now, was.' }),
  reason: Type.String(),
});
export type RewindProblem = Static<typeof RewindProblem>;

/**
 * A file of which versions about that time are kept no more: it gets what it held before them or, where that is not known either, the
 * first that is known.
 */
export const RewindRounding = Type.Object({
  node: NodeId,
  path: Type.String({ description: 'As of a problem.' }),
  version: Type.With(Cursor, { description: 'What it gets: the change that made it so.' }),
});
export type RewindRounding = Static<typeof RewindRounding>;

/**
 * `steps`, `problems`, `rounded`: the first of them, 1,000 at most; no problems, none rounded: none. `first`, `last`: of the commit, where one was
 * made. `next`: this is a part, and there is more; as `after`, for the next one. Each part counts what is in it.
 */
export const Rewound = Type.Object({
  to: Type.With(Cursor, { description: 'The end of the last commit that counts.' }),
  from: Type.With(Cursor, {
    description: 'The folder’s before: rewinding to it takes this back.',
  }),
  creates: Count,
  updates: Count,
  moves: Count,
  deletes: Count,
  steps: Type.Array(RewindStep),
  problems: Type.Optional(Type.Array(RewindProblem)),
  rounded: Type.Optional(Type.Array(RewindRounding)),
  first: Type.Optional(Cursor),
  last: Type.Optional(Cursor),
  next: Type.Optional(Cursor),
});
export type Rewound = Static<typeof Rewound>;
