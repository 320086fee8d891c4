import Type, { type Static } from 'typebox';
import { parse } from '../protocol/parse.ts';
import type { ObjectStore } from './ports.ts';

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What a complete backup says of itself. It is an object of the backup, written last: none, and it is not complete. */
export const BackupRecord = Type.Object({
  format: Type.Literal(1),
  /** The newest record counts. */
  number: Count,
  /** The object that holds the metadata, and the SHA-256 of its bytes. */
  snapshot: Type.String(),
  snapshot_sha256: Type.String(),
  /** Of the program. */
  version: Type.String(),
  epoch: Type.String(),
  cursor: Count,
  /** The name of the history at that cursor. */
  chain: Type.String(),
  /** Of the moment that it shows. ISO 8601. */
  time: Type.String(),
  files: Count,
  chunks: Count,
  packs: Count,
  /** Of packs and metadata. */
  bytes: Count,
  /** Packs that the server did not have, and chunks that could not be verified (null: nobody tried). */
  missing_packs: Type.Array(Type.String()),
  damaged_chunks: Type.Union([Count, Type.Null()]),
});
export type BackupRecord = Static<typeof BackupRecord>;

const PREFIX = 'record-';

/** Of the newest complete backup; undefined: none is complete, or what says so cannot be read. */
export async function readRecord(objects: ObjectStore): Promise<BackupRecord | undefined> {
  for (const name of (await recordNames(objects)).reverse()) {
    const record = asRecord(Buffer.from(await objects.get(name)).toString());
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Greater than that of any record that is there, also of one that cannot be read. */
export async function nextNumber(objects: ObjectStore): Promise<number> {
  const last = (await recordNames(objects)).at(-1) ?? recordName({ number: 0 });
  return Number(last.slice(PREFIX.length)) + 1;
}

export async function writeRecord(objects: ObjectStore, record: BackupRecord): Promise<void> {
  await objects.put(recordName(record), Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`));
}

/** Names are in the order of numbers. */
export const recordName = ({ number }: Pick<BackupRecord, 'number'>): string =>
  PREFIX + String(number).padStart(16, '0');

async function recordNames(objects: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of objects.list()) if (/^record-\d{16}$/.test(name)) names.push(name);
  return names;
}

function asRecord(text: string): BackupRecord | undefined {
  try {
    return parse(BackupRecord, JSON.parse(text));
  } catch {
    return undefined;
  }
}
