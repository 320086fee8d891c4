import { createHash, type Hash } from 'node:crypto';
import {
  type BackupRecord,
  nextNumber,
  readRecord,
  recordName,
  writeRecord,
} from './backup-record.ts';
import { type CopyProgress, copyPacks, sizesOf } from './copy-packs.ts';
import { mustFindFolder } from './find-folder.ts';
import { findRotten, rottenAmong } from './find-rotten.ts';
import { createPacks } from './packs.ts';
import type { ChunkPlace, Clock, FolderName, ObjectStore, Snapshot } from './ports.ts';

export interface BackUpParts {
  /** The server's own. */
  readonly source: Pick<ObjectStore, 'get'>;
  /** The backup's, and nothing else's. */
  readonly target: ObjectStore;
  readonly takeSnapshot: () => Promise<Snapshot>;
  readonly folder: FolderName;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the program. */
  readonly version: string;
  readonly newId: () => string;
  /** Whether everything is read back and verified. */
  readonly isVerified: boolean;
  readonly progressed: (progress: BackUpProgress) => void;
}

export type BackUpProgress =
  | ({ readonly step: 'copy' } & CopyProgress)
  | { readonly step: 'verify'; readonly chunks: number; readonly chunksTotal: number };

/** It took so long that the server may have removed what the snapshot names. What was copied stays: the next try is quicker. */
export class BackupTooSlow extends Error {
  constructor() {
    super(
      'The backup took longer than a day, and the server may have removed what it was to copy. ' +
        'Nothing that was backed up before is lost. Run it again: what was copied is not copied again.',
    );
    this.name = 'BackupTooSlow';
  }
}

/** What is there is of another history than the server's: to replace it would lose what nobody else has. */
export class BackupOfAnother extends Error {
  constructor() {
    super(
      'A backup of another history is there, or of a later moment than the server knows of. It stays as it is: ' +
        'choose another directory.',
    );
    this.name = 'BackupOfAnother';
  }
}

/** Milliseconds. A server removes a pack no sooner than a day after nothing refers to it. */
const LONGEST = 24 * 60 * 60 * 1000;

/**
 * Makes the backup that is in `target` one of now: first the metadata as of one moment, then the packs that they name
 * (D20). Before the record is written, the older backup counts; after it, this one; what only the older one needs is
 * removed last. So it may be interrupted anywhere, and repeated. Throws BackupTooSlow, BackupOfAnother, ObjectFailure,
 * and what `takeSnapshot` throws.
 */
export async function backUp(parts: BackUpParts): Promise<BackupRecord> {
  const { target, clock, takeSnapshot } = parts;
  const number = await nextNumber(target);
  const begun = clock.now();
  const snapshot = await takeSnapshot();
  try {
    await mustFollow(parts, snapshot);
    return await copyAll(parts, snapshot, { begun, number });
  } finally {
    await snapshot.discard();
  }
}

/** The server's history goes on from where the backup's ends; else it is another, or went back. */
async function mustFollow({ target, folder }: BackUpParts, { metadata }: Snapshot): Promise<void> {
  const before = await readRecord(target);
  if (before === undefined) return;
  if ((await metadata.chain(folder, before.cursor)) !== before.chain) throw new BackupOfAnother();
}

interface Begun {
  readonly begun: number;
  readonly number: number;
}

async function copyAll(
  parts: BackUpParts,
  snapshot: Snapshot,
  { begun, number }: Begun,
): Promise<BackupRecord> {
  const { source, target, folder, clock, progressed } = parts;
  const { metadata } = snapshot;
  const { epoch, cursor } = await mustFindFolder({ metadata, folder });
  const chain = (await metadata.chain(folder, cursor)) ?? '';
  const { files, chunks } = await metadata.counts(folder);
  const packs = await metadata.packs(folder);
  const { missing } = await copyPacks({
    ...{ from: source, to: target, packs },
    progressed: (progress) => progressed({ step: 'copy', ...progress }),
  });
  const damaged = parts.isVerified ? await verify(parts, snapshot, chunks) : null;
  if (clock.now() - begun > LONGEST) throw new BackupTooSlow();
  const name = `metadata-${parts.newId()}`;
  const hash = createHash('sha256');
  await target.put(name, hashed(snapshot.bytes(), hash));
  const sizes = await sizesOf(target);
  const record: BackupRecord = {
    ...{ format: 1, number, snapshot: name, snapshot_sha256: hash.digest('hex') },
    ...{ version: parts.version, epoch, cursor, chain },
    ...{ time: new Date(begun).toISOString(), files, chunks, packs: packs.size },
    bytes: [...packs.keys(), name].reduce((sum, one) => sum + (sizes.get(one) ?? 0), 0),
    ...{ missing_packs: [...missing].sort(), damaged_chunks: damaged },
  };
  await writeRecord(target, record);
  const kept = new Set([...packs.keys(), name, recordName(record)]);
  for (const other of sizes.keys()) if (!kept.has(other)) await target.delete(other);
  return record;
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    hash.update(part);
    yield part;
  }
}

/** How many chunks stay damaged: a pack whose copy rotted is copied again, if the server's is better. */
async function verify(parts: BackUpParts, snapshot: Snapshot, total: number): Promise<number> {
  const { target, folder, progressed } = parts;
  const byPack = new Map<string, ChunkPlace[]>();
  const packs = createPacks({ objects: target, newName: parts.newId });
  const found = findRotten({
    ...{ metadata: snapshot.metadata, folder, packs },
    progressed: (chunks) => progressed({ step: 'verify', chunks, chunksTotal: total }),
  });
  for await (const { place } of found) {
    byPack.set(place.pack, [...(byPack.get(place.pack) ?? []), place]);
  }
  let damaged = 0;
  for (const [pack, places] of byPack) damaged += await mend(parts, pack, places);
  return damaged;
}

async function mend(
  { source, target, newId }: BackUpParts,
  pack: string,
  places: readonly ChunkPlace[],
): Promise<number> {
  const isRotten = async (objects: ObjectStore): Promise<boolean> => {
    const packs = createPacks({ objects, newName: newId });
    for await (const _ of rottenAmong(packs, places)) return true;
    return false;
  };
  if (await isRotten({ ...target, get: (name, range) => source.get(name, range) })) {
    return places.length;
  }
  const bytes = await source.get(pack);
  await target.delete(pack);
  await target.put(pack, bytes);
  return (await isRotten(target)) ? places.length : 0;
}
