import type { ChunkRef } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { type Entry, movedTo, type NodeId, sameEntry } from '../core/entry.ts';
import type { MatchedNode } from '../core/match.ts';
import type { FoundHere } from './look-around.ts';
import { DiskError, type Look, type Note, type Path, type Seen } from './ports.ts';
import { type Follower, readFile } from './read-file.ts';
import type { Session } from './session.ts';

/** Files of more bytes are looked at once more, so many milliseconds later, before they are read for a racy look. */
const LARGE = { size: 1024 * 1024, wait: 25 };

/** Of one thing: what is to be recorded; undefined: nothing. */
export type Observed = Note[] | 'unsettled' | undefined;

/** A follower that is told when the file was read, or could not be. */
export interface Following extends Follower {
  finish(): Promise<void>;
}

export interface Looking {
  readonly session: Session;
  /** Who follows the reading of a new file; undefined: nobody does. */
  readonly follow?:
    | ((file: { readonly name: string; readonly size: number }) => Following | undefined)
    | undefined;
}

/** What is to be recorded of one thing that is there; nothing, when it is as it was. */
export async function observe(
  { session, follow }: Looking,
  { node, parent, found }: MatchedNode<FoundHere>,
  path: Path,
): Promise<Observed> {
  const { state } = session;
  if (found.look === undefined) return undefined;
  const look = await settledLook(session, found.look, path);
  const known = state.local.get(node);
  const seen = state.seen(node);
  const isAsSeen = known !== undefined && isUnchanged(look, seen);
  if (!isAsSeen && look.kind === 'file')
    return await observeFile(
      session,
      { node, parent, known },
      {
        path,
        follower: known === undefined ? follow?.({ name: found.name, size: look.size }) : undefined,
      },
    );
  const entry = isAsSeen
    ? movedTo(known, { parent, name: found.name })
    : entryOf(look, parent, found.name);
  const { inode, fingerprint } = look;
  if (sameEntry(entry, known) && seen?.inode === inode && isAsSeen) return undefined;
  return [{ type: 'local', node, entry, seen: { inode, fingerprint } }];
}

/**
 * What was written to a moment ago, by us or by somebody else, would be read, and then once more. Of a large file that
 * costs more than to wait until its look tells whether it is to be read at all.
 */
async function settledLook({ disk, clock }: Session, look: Look, path: Path): Promise<Look> {
  if (look.kind !== 'file' || look.size <= LARGE.size || look.fingerprint !== '') return look;
  await clock.sleep(LARGE.wait);
  return (await disk.look(path).catch(() => undefined)) ?? look;
}

export function isUnchanged(look: Look, seen: Seen | undefined): boolean {
  if (look.kind === 'directory') return seen?.inode === look.inode;
  return seen !== undefined && seen.fingerprint !== '' && seen.fingerprint === look.fingerprint;
}

function entryOf({ kind, target = '' }: Look, parent: NodeId, name: string): Entry {
  return kind === 'symlink' ? { kind, parent, name, target } : { kind: 'directory', parent, name };
}

interface KnownFile {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly known: Entry | undefined;
}

async function observeFile(
  session: Session,
  { node, parent, known }: KnownFile,
  { path, follower }: { readonly path: Path; readonly follower: Following | undefined },
): Promise<Observed> {
  try {
    const chunksBefore = chunksOf(session, known);
    const { manifest, look } = await readFile(session.disk, path, { chunksBefore, follower });
    const { inode, fingerprint } = look;
    if (fingerprint === '') session.lookAgain.addAll([path.slice(0, -1)]);
    const { checksum, size } = manifest;
    // What was edited has a time of its own, on a whole second too.
    const isSame = known?.kind === 'file' && known.checksum === checksum;
    const mtime = isSame && isSameTime(look.mtime, known.mtime) ? known.mtime : look.mtime;
    const executable = executableOf(session, look, known);
    const name = path.at(-1) ?? '';
    const entry: Entry = { kind: 'file', parent, name, checksum, size, mtime, executable };
    const note: Note = { type: 'local', node, entry, seen: { inode, fingerprint } };
    return size > MAX_WHOLE_SIZE ? [{ type: 'manifest', manifest }, note] : [note];
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.problem === 'absent' || error.problem === 'changed') return 'unsettled';
    const message = 'The file cannot be read; it stays as it was.';
    session.problems.addFound({ path: path.join('/'), code: error.problem, message });
    if (known !== undefined) session.unknown.add(node);
    return undefined;
  } finally {
    await follower?.finish();
  }
}

const chunksOf = ({ state }: Session, known: Entry | undefined): readonly ChunkRef[] | undefined =>
  known?.kind === 'file' && known.size > MAX_WHOLE_SIZE
    ? state.manifest(known.checksum)?.chunks
    : undefined;

/** Where the file system keeps whole or even seconds only, the time that was set reads a little less. */
const isSameTime = (seen: number, known: number): boolean =>
  seen === known || (seen % 1000 === 0 && Math.abs(seen - known) < 2000);

const executableOf = ({ disk }: Session, look: Look, known: Entry | undefined): boolean =>
  disk.features.executableBit ? look.executable : known?.kind === 'file' && known.executable;
