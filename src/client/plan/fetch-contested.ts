import { type Chunk, type ChunkRef, single } from '../../core/chunk.ts';
import type { FileEntry, NodeId } from '../../core/entry.ts';
import { pathOf } from '../../core/tree.ts';
import type { FolderApi } from '../folder-api.ts';
import { unmerged } from '../merge-contents.ts';
import { LONGEST } from '../problem.ts';
import type { Session } from '../session.ts';

/** Brings what the merges of texts need, without asking for chunks: the contents that both sides started from. */
export async function fetchContested(
  session: Session,
  folder: Pick<FolderApi, 'content'>,
  chunks: Map<string, Chunk>,
): Promise<void> {
  for (const { node, synced, remote } of unmerged(session, session.state.changed())) {
    const isThere = [synced, remote].map((one) => fetchInto(session, one, { folder, chunks }));
    if ((await Promise.all(isThere)).includes(false)) leave(session, node);
  }
}

interface Into {
  readonly folder: Pick<FolderApi, 'content'>;
  readonly chunks: Map<string, Chunk>;
}

async function fetchInto(
  { state }: Session,
  entry: FileEntry,
  { folder, chunks }: Into,
): Promise<boolean> {
  const { checksum, size } = entry;
  const bytes = size === 0 ? new Uint8Array() : await folder.content(checksum);
  if (bytes === undefined) return false;
  const parts: readonly ChunkRef[] = state.manifest(checksum)?.chunks ?? [];
  let offset = 0;
  for (const ref of [...single({ checksum, size }).chunks, ...parts]) {
    const from = ref.hash === checksum ? 0 : offset;
    chunks.set(ref.hash, { ...ref, bytes: bytes.subarray(from, from + ref.size) });
    if (ref.hash !== checksum) offset += ref.size;
  }
  return true;
}

/** What a round would make of it stays open. */
function leave({ state, problems, clock }: Session, node: NodeId): void {
  const path = pathOf(state.local, node)?.join('/') ?? node;
  problems.set(node, { path, code: 'untold', message: UNTOLD }, clock.now() + LONGEST);
}

const UNTOLD =
  'Both sides changed it, and a version cannot be had to try whether they can be merged. A round merges it, or keeps both.';
