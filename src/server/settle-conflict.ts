import type { Change } from '../core/change.ts';
import { parseConflictName } from '../core/conflict-name.ts';
import { type Entry, sameContent } from '../core/entry.ts';
import { Failure } from '../protocol/failure.ts';
import { type FolderView, type Living, type Located, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts } from './commit-by-path.ts';
import { deletionOf, deletionsOf } from './delete-path.ts';
import { plainCopyName } from './plain-copy-name.ts';

export interface Settlement {
  /** Of the conflict copy. */
  readonly path: string;
  readonly keep: 'original' | 'copy' | 'both';
  readonly author: Author;
}

/**
 * Settles a conflict in one commit. `original`: the copy is deleted. `copy`: what the copy holds is at the original's path
 * from then on, and the copy is gone. `both`: the copy gets a plain name that is free. What does not stay is in the
 * history. Throws Failure `bad_name`, and `not_found` when no conflict copy is at the path.
 */
export async function settleConflict(
  ports: FolderPorts,
  { path, keep, author }: Settlement,
): Promise<void> {
  const names = namesOf(path);
  const name = names.at(-1) ?? '';
  const parsed = parseConflictName(name);
  if (parsed === undefined) throw noCopy();
  const beside = (other: string): string[] => [...names.slice(0, -1), other];
  const plan = async () => {
    const { found: copy } = await locate(ports, names);
    if (copy === undefined) throw noCopy();
    const changes =
      keep === 'original'
        ? await deletionsOf(ports, copy)
        : keep === 'copy'
          ? await replacing(ports, copy, await locate(ports, beside(parsed.original)))
          : [renaming(copy, await freeName(ports, { ...parsed, parent: copy.entry.parent }))];
    return { changes, result: undefined };
  };
  await commitByPath(ports, { author, cause: 'settle', plan });
}

export const noCopy = (): Failure =>
  new Failure('not_found', 'There is no conflict copy at this path.');

/** A file or symlink stays the node that it is, with its history, and gets the copy's content; anything else is replaced. */
async function replacing(
  view: FolderView,
  copy: Living,
  { found: original, missing }: Located,
): Promise<Change[]> {
  if (original === undefined) return [renaming(copy, missing.at(-1) ?? '')];
  if (original.entry.kind !== copy.entry.kind || copy.entry.kind === 'directory') {
    return [...(await deletionsOf(view, original)), renaming(copy, original.entry.name)];
  }
  const gone = deletionOf(copy);
  if (sameContent(original.entry, copy.entry)) return [gone];
  const content = { ...contentOf(copy.entry), replaces: original.entry.contentVersion };
  return [{ type: 'update', node: original.id, content }, gone];
}

function contentOf(entry: Entry) {
  if (entry.kind === 'symlink') return { target: entry.target };
  if (entry.kind === 'directory') throw new Error('A directory has no content.');
  const { checksum, size, mtime, executable } = entry;
  return { checksum, size, mtime, executable };
}

const renaming = ({ id, entry }: Living, name: string): Change => ({
  type: 'update',
  node: id,
  place: { parent: entry.parent, name, replaces: entry.placeVersion },
});

/** Names that are tried at once, and how many times. */
const NAMES = 50;
const TRIES = 20;

interface Wanted {
  readonly original: string;
  readonly client: string;
  readonly parent: string;
}

async function freeName(
  { metadata, folder }: FolderView,
  { original, client, parent }: Wanted,
): Promise<string> {
  for (let first = 1; first < NAMES * TRIES; first += NAMES) {
    const names = Array.from({ length: NAMES }, (_, i) =>
      plainCopyName({ original, client, attempt: first + i }),
    );
    const places = names.map((name) => ({ parent, name }));
    const taken = new Set((await metadata.named(folder, places)).map(({ place }) => place.name));
    const free = names.find((name) => !taken.has(name));
    if (free !== undefined) return free;
  }
  throw new Failure('conflict', 'There are too many copies with plain names: rename it yourself.');
}
