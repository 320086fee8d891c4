import Type, { type Static } from 'typebox';
import type { Versioned } from '../core/entry.ts';
import { MAX_PAGE_CHANGES, PAGE_CHANGES } from './limits.ts';
import { Bytes, Chain, Cursor, Epoch, Mtime, Name, NodeId, Sha256, Target } from './scalar.ts';

const always = {
  parent: NodeId,
  name: Name,
  place_version: Cursor,
  content_version: Cursor,
  author: Type.String({ description: 'The name of the client that last set the content.' }),
};

/** An entry as the server has it. */
export const WireEntry = Type.Union([
  Type.Object({
    kind: Type.Literal('file'),
    ...always,
    checksum: Sha256,
    size: Bytes,
    mtime: Mtime,
    executable: Type.Boolean(),
  }),
  Type.Object({ kind: Type.Literal('directory'), ...always }),
  Type.Object({ kind: Type.Literal('symlink'), ...always, target: Target }),
]);
export type WireEntry = Static<typeof WireEntry>;

/** One node after a change; `entry` null: it is gone. */
export const WireRemoteChange = Type.Object({
  cursor: Cursor,
  node: NodeId,
  entry: Type.Union([WireEntry, Type.Null()]),
});
export type WireRemoteChange = Static<typeof WireRemoteChange>;

/** `chain` names the history up to `known`: where it is another, `wrong_epoch` is answered. */
export const ChangesQuery = Type.Object(
  {
    since: Type.Optional(Cursor),
    until: Type.Optional(Cursor),
    known: Type.Optional(Cursor),
    chain: Type.Optional(Chain),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_PAGE_CHANGES, default: PAGE_CHANGES }),
    ),
  },
  { additionalProperties: false },
);
export type ChangesQuery = Static<typeof ChangesQuery>;

/**
 * The last state, at `until`, of every node that changed after `since`; ask again from `next` until
 * it is `until`.
 */
export const ChangesPage = Type.Object({
  epoch: Epoch,
  changes: Type.Array(WireRemoteChange, { maxItems: MAX_PAGE_CHANGES }),
  next: Cursor,
  until: Cursor,
  chain: Type.Union([Chain, Type.Null()], {
    description: 'The name of the history up to `until`; null where no commit ends there.',
  }),
  wanted: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'More than 0: `GET /v1/chunks/wanted` has something. It grows when more is.',
  }),
});
export type ChangesPage = Static<typeof ChangesPage>;

export interface RemoteChange {
  readonly cursor: number;
  readonly node: string;
  /** undefined: it is gone. */
  readonly entry: Versioned | undefined;
}

export const remoteChangeToWire = ({ cursor, node, entry }: RemoteChange): WireRemoteChange => ({
  cursor,
  node,
  entry: entry === undefined ? null : entryToWire(entry),
});

export const remoteChangeFromWire = ({ cursor, node, entry }: WireRemoteChange): RemoteChange => ({
  cursor,
  node,
  entry: entry === null ? undefined : entryFromWire(entry),
});

export function entryToWire(entry: Versioned): WireEntry {
  const {
    parent,
    name,
    author,
    placeVersion: place_version,
    contentVersion: content_version,
  } = entry;
  const own = { parent, name, place_version, content_version, author };
  if (entry.kind === 'directory') return { kind: entry.kind, ...own };
  if (entry.kind === 'symlink') return { kind: entry.kind, ...own, target: entry.target };
  const { kind, checksum, size, mtime, executable } = entry;
  return { kind, ...own, checksum, size, mtime, executable };
}

export function entryFromWire(entry: WireEntry): Versioned {
  const {
    parent,
    name,
    author,
    place_version: placeVersion,
    content_version: contentVersion,
  } = entry;
  const own = { parent, name, placeVersion, contentVersion, author };
  if (entry.kind === 'directory') return { kind: entry.kind, ...own };
  if (entry.kind === 'symlink') return { kind: entry.kind, ...own, target: entry.target };
  const { kind, checksum, size, mtime, executable } = entry;
  return { kind, ...own, checksum, size, mtime, executable };
}
