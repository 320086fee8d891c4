import { createHash } from 'node:crypto';
import { type BackupRecord, readRecord } from './backup-record.ts';
import { type CopyProgress, copyPacks, sizesOf } from './copy-packs.ts';
import { findRotten } from './find-rotten.ts';
import { createPacks } from './packs.ts';
import type {
  Clock,
  FolderName,
  MetadataStore,
  ObjectStore,
  PutBack,
  Quarantined,
} from './ports.ts';

export interface RestoreParts {
  /** The backup's. */
  readonly source: ObjectStore;
  /** Of a directory that no server uses. */
  readonly target: ObjectStore;
  readonly putBack: (bytes: AsyncIterable<Uint8Array>) => Promise<PutBack>;
  readonly folder: FolderName;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: () => string;
  /** Whether everything is read back and verified. */
  readonly isVerified: boolean;
  readonly progressed: (progress: RestoreProgress) => void;
}

export type RestoreProgress =
  | ({ readonly step: 'copy' } & CopyProgress)
  | { readonly step: 'verify'; readonly chunks: number; readonly chunksTotal: number };

export interface Restored {
  readonly record: BackupRecord;
  /** Of the history from now on. */
  readonly epoch: string;
  /** Chunks that the backup does not have: the clients are asked for them. */
  readonly lost: number;
}

/**
 * Makes a server's data of a backup, under a new epoch: clients notice that it is another history, delete nothing, and
 * bring what they have (S5, B17). Interrupted, it is begun anew, and what was copied is not copied again. Throws
 * NothingToRestore, BackupDamaged, ObjectFailure, and what `putBack` throws.
 */
export async function restore(parts: RestoreParts): Promise<Restored> {
  const { source, target, folder, progressed, newId } = parts;
  const record = await readRecord(source);
  if (record === undefined) throw new NothingToRestore();
  const { metadata, finish } = await parts.putBack(bytesOf(source, record));
  const packs = await metadata.packs(folder);
  await copyPacks({
    ...{ from: source, to: target, packs },
    progressed: (progress) => progressed({ step: 'copy', ...progress }),
  });
  const lost = [...(await absent(parts, metadata)), ...(await damaged(parts, metadata, record))];
  const taken = await metadata.quarantine(folder, lost);
  const epoch = newId();
  await metadata.renewEpoch(folder, epoch);
  await finish();
  return { record, epoch, lost: taken.length };
}

export class BackupDamaged extends Error {
  constructor() {
    super('The metadata in the backup are damaged: another backup is needed.');
    this.name = 'BackupDamaged';
  }
}

export class NothingToRestore extends Error {
  constructor() {
    super('No backup was ever completed there.');
    this.name = 'NothingToRestore';
  }
}

/** Read at once. */
const PART = 8 * 1024 * 1024;

/** The metadata, verified: throws BackupDamaged at the end of them when they are not what they were. */
async function* bytesOf(
  objects: ObjectStore,
  { snapshot, snapshot_sha256: expected }: BackupRecord,
): AsyncGenerator<Uint8Array> {
  const size = (await sizesOf(objects)).get(snapshot) ?? 0;
  const hash = createHash('sha256');
  for (let offset = 0; offset < size; offset += PART) {
    const bytes = await objects.get(snapshot, { offset, length: Math.min(PART, size - offset) });
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest('hex') !== expected) throw new BackupDamaged();
}

const PAGE = 1000;

/** Chunks whose pack is not there, or too short. */
async function absent(
  { target, folder, clock }: RestoreParts,
  metadata: MetadataStore,
): Promise<Quarantined[]> {
  const sizes = await sizesOf(target);
  const since = clock.now();
  const found: Quarantined[] = [];
  for (let after = ''; ; ) {
    const page = await metadata.chunksAfter(folder, after, PAGE);
    for (const place of page) {
      const isThere = place.offset + place.length <= (sizes.get(place.pack) ?? 0);
      if (!isThere) found.push({ ...place, since, reason: 'absent' });
    }
    if (page.length < PAGE) return found;
    after = page.at(-1)?.hash ?? '';
  }
}

async function damaged(
  { target, folder, clock, isVerified, newId, progressed }: RestoreParts,
  metadata: MetadataStore,
  { chunks: chunksTotal }: BackupRecord,
): Promise<Quarantined[]> {
  if (!isVerified) return [];
  const packs = createPacks({ objects: target, newName: newId });
  const report = (chunks: number) => progressed({ step: 'verify', chunks, chunksTotal });
  const found: Quarantined[] = [];
  for await (const { place, reason } of findRotten({
    metadata,
    folder,
    packs,
    progressed: report,
  })) {
    found.push({ ...place, since: clock.now(), reason });
  }
  return found;
}
