import Type, { type Static } from 'typebox';
import type { Change, Content, MergedInput, Update } from '../core/change.ts';
import type { Place } from '../core/entry.ts';
import { MAX_MERGED_FROM } from './limits.ts';
import { Bytes, Cursor, Mtime, Name, NodeId, Sha256, Target } from './scalar.ts';

const CLOSED = { additionalProperties: false };

const place = { parent: NodeId, name: Name };
const file = { checksum: Sha256, size: Bytes, mtime: Mtime, executable: Type.Boolean() };
const symlink = { target: Target };
const replaces = { replaces: Cursor };
const creation = { type: Type.Literal('create'), node: NodeId, place: Type.Object(place, CLOSED) };

const CreateFile = Type.Object(
  { ...creation, kind: Type.Literal('file'), content: Type.Object(file, CLOSED) },
  CLOSED,
);
const CreateDirectory = Type.Object({ ...creation, kind: Type.Literal('directory') }, CLOSED);
const CreateSymlink = Type.Object(
  { ...creation, kind: Type.Literal('symlink'), content: Type.Object(symlink, CLOSED) },
  CLOSED,
);
/** What a merged content was made of beside the version that it replaces: kept in the history with it. */
const MergedFrom = Type.Array(Type.Object({ checksum: Sha256, size: Bytes }, CLOSED), {
  minItems: 1,
  maxItems: MAX_MERGED_FROM,
});
const WireUpdate = Type.Object(
  {
    type: Type.Literal('update'),
    node: NodeId,
    place: Type.Optional(Type.Object({ ...place, ...replaces }, CLOSED)),
    content: Type.Optional(
      Type.Union([
        Type.Object({ ...file, ...replaces, merged_from: Type.Optional(MergedFrom) }, CLOSED),
        Type.Object({ ...symlink, ...replaces }, CLOSED),
      ]),
    ),
  },
  { ...CLOSED, minProperties: 3, description: 'A new place, a new content, or both.' },
);
const WireDeletion = Type.Object(
  { type: Type.Literal('delete'), node: NodeId, replaces_place: Cursor, replaces_content: Cursor },
  CLOSED,
);

/** One node's step, as a client offers it. */
export const WireChange = Type.Union([
  CreateFile,
  CreateDirectory,
  CreateSymlink,
  WireUpdate,
  WireDeletion,
]);
export type WireChange = Static<typeof WireChange>;

/** Throws a TypeError for a creation whose content is not of its kind: a programmer's mistake. */
export function changeToWire(change: Change): WireChange {
  const { type, node } = change;
  if (type === 'delete') {
    return {
      type,
      node,
      replaces_place: change.replacesPlace,
      replaces_content: change.replacesContent,
    };
  }
  if (type === 'update') return updateToWire(change);
  const { kind, content } = change;
  const at = placeToWire(change.place);
  if (kind === 'directory' && content === undefined) return { type, node, kind, place: at };
  if (kind === 'file' && content !== undefined && 'checksum' in content) {
    return { type, node, kind, place: at, content: fileToWire(content) };
  }
  if (kind === 'symlink' && content !== undefined && 'target' in content) {
    return { type, node, kind, place: at, content: { target: content.target } };
  }
  throw new TypeError(`the content of ${node} is not that of a ${kind}`);
}

/** A change that `parse` has let through is the core's but for three names. */
export function changeFromWire(change: WireChange): Change {
  if (change.type === 'create') return change;
  if (change.type === 'update') return updateFromWire(change);
  const { type, node, replaces_place: replacesPlace, replaces_content: replacesContent } = change;
  return { type, node, replacesPlace, replacesContent };
}

function updateToWire({ type, node, place: to, content }: Update): WireChange {
  return {
    type,
    node,
    ...(to === undefined ? {} : { place: { ...placeToWire(to), replaces: to.replaces } }),
    ...(content === undefined
      ? {}
      : {
          content: {
            ...contentToWire(content),
            ...mergedToWire(content),
            replaces: content.replaces,
          },
        }),
  };
}

function updateFromWire(change: Extract<WireChange, { type: 'update' }>): Update {
  const { content, ...rest } = change;
  if (content === undefined) return rest;
  if (!('merged_from' in content)) return { ...rest, content };
  const { merged_from: mergedFrom, ...others } = content;
  return { ...rest, content: { ...others, ...(mergedFrom && { mergedFrom }) } };
}

const mergedToWire = ({ mergedFrom }: { readonly mergedFrom?: readonly MergedInput[] }) =>
  mergedFrom === undefined
    ? {}
    : { merged_from: mergedFrom.map(({ checksum, size }) => ({ checksum, size })) };

const placeToWire = ({ parent, name }: Place): Place => ({ parent, name });
const fileToWire = ({
  checksum,
  size,
  mtime,
  executable,
}: Extract<Content, { checksum: string }>) => ({
  checksum,
  size,
  mtime,
  executable,
});
const contentToWire = (content: Content) =>
  'checksum' in content ? fileToWire(content) : { target: content.target };
