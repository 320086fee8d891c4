import { parseConflictName } from '../core/conflict-name.ts';
import { Failure } from '../protocol/failure.ts';
import type { Limits } from './accept.ts';
import { type Living, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts } from './commit-by-path.ts';
import { deletionOf } from './delete-path.ts';
import { noCopy } from './settle-conflict.ts';
import type { ChunkPorts } from './store-chunks.ts';
import { storeContent } from './store-content.ts';

export interface MergedSettlement {
  /** Of the conflict copy. */
  readonly path: string;
  readonly merged: {
    readonly text: string;
    /** Checksums of what somebody had before their eyes when they made one text of the two. */
    readonly original: string;
    readonly copy: string;
  };
  readonly author: Author;
}

type Ports = FolderPorts & ChunkPorts & { readonly limits: Limits };

/**
 * Settles a conflict in one commit with a text that was made of both versions: the original holds it, and the copy is
 * gone. The history keeps both. Throws Failure `bad_name`, `not_found` when no conflict copy is at the path, `conflict`
 * when either is not what was merged any more, and what the server's limits refuse.
 */
export async function settleMerged(
  ports: Ports,
  { path, merged, author }: MergedSettlement,
): Promise<void> {
  const names = namesOf(path);
  const parsed = parseConflictName(names.at(-1) ?? '');
  if (parsed === undefined) throw noCopy();
  const bytes = Buffer.from(merged.text);
  const expected = { limit: ports.limits.maxFileSize, sizeHint: bytes.length };
  const { checksum, size, manifest, chunks } = await storeContent(ports, once(bytes), expected);
  const mtime = ports.clock.now();
  const plan = async () => {
    const { found: copy } = await locate(ports, names);
    if (copy === undefined) throw noCopy();
    const { found: original } = await locate(ports, [...names.slice(0, -1), parsed.original]);
    const [kept, other] = [fileWith(original, merged.original), fileWith(copy, merged.copy)];
    const { executable, contentVersion: replaces } = kept.entry;
    const mergedFrom = [{ checksum: other.entry.checksum, size: other.entry.size }];
    const content = { checksum, size, mtime, executable, replaces, mergedFrom };
    const isNew = checksum !== kept.entry.checksum;
    return {
      changes: [
        ...(isNew ? [{ type: 'update', node: kept.id, content } as const] : []),
        deletionOf(copy),
      ],
      manifests: manifest === undefined ? [] : [manifest],
      chunks,
      result: undefined,
    };
  };
  await commitByPath(ports, { author, cause: 'settle', plan });
}

/** What was merged is what is there: nobody's later edit is written over. */
function fileWith(found: Living | undefined, checksum: string) {
  if (found?.entry.kind === 'file' && found.entry.checksum === checksum)
    return { id: found.id, entry: found.entry };
  throw new Failure('conflict', 'One of the versions is another by now: look at them again.');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
