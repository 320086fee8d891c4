import { createHash } from 'node:crypto';
import { operationOf } from '../../core/change.ts';
import {
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  type NodeId,
  ROOT,
  type SymlinkEntry,
  sameContent,
  samePlace,
  type Versioned,
} from '../../core/entry.ts';
import type { ChunkPlace, HistoryRecord, MetadataStore, Transaction } from '../ports.ts';

/** The folder that samples are written to. */
export const FOLDER = 'default';

/** What one node becomes; `entry` undefined: it is deleted. */
export interface Step {
  readonly node: NodeId;
  readonly entry: Entry | undefined;
}

export interface By {
  /** Also told as the client's name, and the author of contents. */
  readonly clientId?: string;
  readonly time?: number;
  readonly cause?: string;
  readonly mergedFrom?: HistoryRecord['mergedFrom'];
}

/** Writes the steps in one transaction, as a server would that found nothing wrong with them. Answers their records. */
export function writeSteps(
  store: MetadataStore,
  steps: readonly Step[],
  by: By = {},
): Promise<HistoryRecord[]> {
  return store.transaction(FOLDER, async (tx) => {
    const records: HistoryRecord[] = [];
    for (const step of steps) {
      const record = await recordOf(tx, step, by);
      await tx.append([record]);
      records.push(record);
    }
    return records;
  });
}

/** The record of a step that comes next in the transaction's folder. */
export async function recordOf(tx: Transaction, step: Step, by: By = {}): Promise<HistoryRecord> {
  const { node, entry } = step;
  const { clientId = 'anna', time = 1_000, cause = 'sync', mergedFrom } = by;
  const cursor = (await tx.folder()).cursor + 1;
  const before = (await tx.nodes([node])).get(node);
  const after = entry && versioned(entry, { before, cursor, author: clientId });
  const operation = operationOf({ before, after });
  const path = await pathIn(tx, after ?? before);
  const moved = operation === 'move' ? { oldPath: await pathIn(tx, before) } : {};
  const from = mergedFrom && { mergedFrom };
  const who = { clientId, clientName: clientId, time, cause, ...from };
  return { cursor, node, operation, path, ...moved, ...who, before, after };
}

interface Context {
  readonly before: Versioned | undefined;
  readonly cursor: number;
  readonly author: string;
}

export function versioned(entry: Entry, { before, cursor, author }: Context): Versioned {
  const placed = before !== undefined && samePlace(entry, before);
  const kept = before !== undefined && sameContent(entry, before);
  return {
    ...entry,
    placeVersion: placed ? before.placeVersion : cursor,
    contentVersion: kept ? before.contentVersion : cursor,
    author: kept ? before.author : author,
  };
}

async function pathIn(tx: Transaction, entry: Entry | undefined): Promise<string> {
  const names: string[] = [];
  for (let at = entry; at !== undefined; at = (await tx.nodes([at.parent])).get(at.parent)) {
    names.unshift(at.name);
  }
  return names.join('/');
}

/** The SHA-256 of a text, in hex: a checksum that looks like one. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const fileEntry = (name: string, rest: Partial<FileEntry> = {}): FileEntry => ({
  kind: 'file',
  parent: ROOT,
  name,
  checksum: hashOf(name),
  size: name.length,
  mtime: 1_700_000_000_000,
  executable: false,
  ...rest,
});

export const directoryEntry = (name: string, parent: NodeId = ROOT): DirectoryEntry => ({
  kind: 'directory',
  parent,
  name,
});

export const symlinkEntry = (name: string, target: string): SymlinkEntry => ({
  kind: 'symlink',
  parent: ROOT,
  name,
  target,
});

export const chunkPlace = (text: string, rest: Partial<ChunkPlace> = {}): ChunkPlace => ({
  hash: hashOf(text),
  size: text.length,
  pack: 'a-pack',
  offset: 0,
  length: text.length,
  encoding: 'raw',
  ...rest,
});
