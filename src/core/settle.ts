import { conflictName } from './conflict-name.ts';
import type { NodeId } from './entry.ts';
import { type Entry, type FileEntry, sameBytes, type Versioned, withContent } from './entry.ts';
import { freeName } from './free-name.ts';
import type { ConflictCopy, MergeInput } from './merge.ts';
import type { Overlay } from './tree.ts';

/**
 * Rule M6, where both sides changed what a node holds. Equal bytes are no conflict; a touch or a
 * chmod against an edit is none either, nor are edits that can be merged (M9). Otherwise the newer stays in the node and the other becomes a
 * new file beside it. Answers the copy it made.
 */
export function settle(
  input: MergeInput,
  target: Overlay<Entry>,
  id: NodeId,
): ConflictCopy | undefined {
  const [synced, local, remote] = [input.synced.get(id), input.local.get(id), input.remote.get(id)];
  const entry = target.get(id);
  if (entry === undefined || local === undefined || remote === undefined) return undefined;
  const agreed = agree(synced, local, remote) ?? merged(input, id, entry);
  if (agreed !== undefined) {
    target.set(id, withContent(entry, agreed));
    return undefined;
  }
  const winner = isNewer(local, remote) ? 'local' : 'remote';
  const loser = winner === 'local' ? 'remote' : 'local';
  target.set(id, withContent(entry, winner === 'local' ? local : remote));
  const copy = addCopy(input, target, { id, content: loser === 'local' ? local : remote, loser });
  return copy === undefined ? undefined : { copy, of: id, side: loser };
}

/** What holds both sides' changes, if one content can. */
function agree(synced: Versioned | undefined, local: Entry, remote: Entry): Entry | undefined {
  if (sameBytes(local, remote)) return withExecutable(remote, synced, local);
  if (synced === undefined) return undefined;
  if (sameBytes(local, synced)) return withExecutable(remote, synced, local);
  if (sameBytes(remote, synced)) return withExecutable(local, synced, remote);
  return undefined;
}

function merged({ mergedContent }: MergeInput, id: NodeId, entry: Entry): Entry | undefined {
  const content = entry.kind === 'file' ? mergedContent?.(id) : undefined;
  return content && { ...content, kind: 'file', parent: entry.parent, name: entry.name };
}

/** `entry` with the executable bit of `other`, where that side is the one that changed it. */
function withExecutable(entry: Entry, synced: Entry | undefined, other: Entry): Entry {
  if (entry.kind !== 'file' || other.kind !== 'file') return entry;
  const before = synced?.kind === 'file' ? synced.executable : entry.executable;
  return other.executable === before ? entry : { ...entry, executable: other.executable };
}

/** The most recently modified version keeps the path; at a tie, or without times, the server's does. */
const isNewer = (local: Entry, remote: Entry): boolean =>
  local.kind === 'file' && remote.kind === 'file' && local.mtime > remote.mtime;

interface Losing {
  readonly id: NodeId;
  readonly content: Entry | Versioned;
  readonly loser: 'local' | 'remote';
}

/** Puts the losing version beside the node; not again when an interrupted round already did. */
function addCopy(
  input: MergeInput,
  target: Overlay<Entry>,
  { id, content, loser }: Losing,
): NodeId | undefined {
  const { parent, name } = target.get(id) ?? content;
  const client = loser === 'local' || !('author' in content) ? input.clientName : content.author;
  const time = (content as Partial<FileEntry>).mtime;
  const naming = { name, client, kind: content.kind, time };
  if (hasCopy(target, { id, parent, content, naming })) return undefined;
  const copy = input.newId();
  const free = freeName(input, target, { parent, naming });
  target.set(copy, withContent({ kind: 'directory', parent, name: free }, content));
  return copy;
}

interface Copied {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly content: Entry;
  readonly naming: Parameters<typeof conflictName>[0];
}

/** Names that copies of one version may have had in vain: earlier copies that had them are gone by now. */
const GAPS = 4;

/** Under any of the names that copies of this version have had so far. */
function hasCopy(target: Overlay<Entry>, { id, parent, content, naming }: Copied): boolean {
  for (let attempt = 1, gaps = 0; gaps < GAPS; attempt += 1) {
    const made = target.find(parent, conflictName({ ...naming, attempt }));
    const there = made === undefined ? undefined : target.get(made);
    if (there === undefined) gaps += 1;
    else if (made !== id && sameBytes(there, content)) return true;
  }
  return false;
}
