import Type, { type Static } from 'typebox';
import type { Applied, MergedInput } from '../core/change.ts';
import { LINES, MAX_LINES } from './limits.ts';
import { HeldContent } from './rewind.ts';
import { Bytes, ClientId, Cursor, NodeId, RelativePath, Sha256, Time } from './scalar.ts';
import { SyncOperation } from './sync.ts';
import { msToTime } from './time.ts';

const limit = Type.Integer({ minimum: 1, maximum: MAX_LINES, default: LINES });

/** Who did what to which file, when. */
export const HistoryLine = Type.Object({
  cursor: Cursor,
  time: Time,
  operation: SyncOperation,
  path: Type.String({ description: 'After the change; before it, when it was deleted.' }),
  old_path: Type.Optional(Type.String({ description: 'Before the change, when it moved.' })),
  node: NodeId,
  kind: Type.Enum(['file', 'directory', 'symlink']),
  client_id: Type.String(),
  client_name: Type.String(),
  cause: Type.String({ description: 'What brought it: `sync`, `upload`, `delete` and so on.' }),
  checksum: Type.Optional(Sha256),
  size: Type.Optional(Bytes),
  replaced: Type.Optional(
    Type.With(HeldContent, { description: 'What the file held before, where that is another.' }),
  ),
  merged_from: Type.Optional(
    Type.Array(HeldContent, {
      description: 'Of a merged content: what it was made of, beside the version before.',
    }),
  ),
});
export type HistoryLine = Static<typeof HistoryLine>;

/** Newest first. */
export const History = Type.Object({ history: Type.Array(HistoryLine) });
export type History = Static<typeof History>;

export const HistoryQuery = Type.Object(
  {
    path: Type.Optional(RelativePath),
    node: Type.Optional(NodeId),
    client_id: Type.Optional(ClientId),
    since: Type.Optional(Time),
    before: Type.Optional(Cursor),
    limit: Type.Optional(limit),
  },
  {
    additionalProperties: false,
    description: '`before`: the cursor of the last line, for the next page.',
  },
);
export type HistoryQuery = Static<typeof HistoryQuery>;

export const Audit = Type.Object({
  audit: Type.Array(
    Type.Object({
      time: Time,
      client_id: Type.Union([Type.String(), Type.Null()]),
      action: Type.String({
        description: '`connect`, `disconnect`, `request`, `commit`, `refused` and so on.',
      }),
      detail: Type.String(),
    }),
  ),
});
export type Audit = Static<typeof Audit>;

export const AuditQuery = Type.Object(
  { client_id: Type.Optional(ClientId), limit: Type.Optional(limit) },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

/** One line of the history as the server keeps it. */
export interface HistoryRecord extends Applied {
  readonly operation: SyncOperation;
  readonly path: string;
  readonly oldPath?: string;
  readonly clientId: string;
  readonly clientName: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly cause: string;
  /** What a merged content was made of, beside the version before. */
  readonly mergedFrom?: readonly MergedInput[];
}

/** Of a deletion, checksum and size are those of what was deleted. */
export function historyToWire(record: HistoryRecord): HistoryLine {
  const { cursor, operation, path, oldPath, node, cause } = record;
  const entry = record.after ?? record.before;
  const replaced = replacedBy(record);
  return {
    cursor,
    time: msToTime(record.time),
    operation,
    path,
    ...(oldPath === undefined ? {} : { old_path: oldPath }),
    node,
    kind: entry?.kind ?? 'file',
    client_id: record.clientId,
    client_name: record.clientName,
    cause,
    ...(entry?.kind === 'file' ? { checksum: entry.checksum, size: entry.size } : {}),
    ...(replaced === undefined ? {} : { replaced }),
    ...(record.mergedFrom === undefined ? {} : { merged_from: [...record.mergedFrom] }),
  };
}

/** Of an edit, what the file held before. */
export function replacedBy({ before, after }: Applied): HeldContent | undefined {
  if (before?.kind !== 'file' || after?.kind !== 'file') return undefined;
  const { checksum, size } = before;
  return checksum === after.checksum ? undefined : { checksum, size };
}
