import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { type Entry, movedTo, type NodeId, ROOT, sameEntry } from '../core/entry.ts';
import { type Matched, type MatchedNode, match } from '../core/match.ts';
import { below, pathOf } from '../core/tree.ts';
import { type FoundHere, lookAround, type Surroundings } from './look-around.ts';
import { DiskError, type Look, type Note, type Path, type Seen } from './ports.ts';
import { readFile } from './read-file.ts';
import type { Session, Where } from './session.ts';

export interface Scanned {
  /** Directories that were still being written to: look at them again soon. */
  readonly unsettled: readonly Path[];
}

/** How long the other half of a move may take to show (B14), in milliseconds. */
const OTHER_HALF = 50;

/**
 * Brings the local tree to what is on the disk, in these directories: list, match to known nodes, read
 * what is new or changed, record. What vanished is looked for a second time before it is believed.
 */
export async function scan(session: Session, where: Where): Promise<Scanned> {
  let [around, matched] = await lookAndMatch(session, where);
  if (matched.vanished.length > 0) {
    await session.clock.sleep(OTHER_HALF);
    [around, matched] = await lookAndMatch(session, session.alsoDirty(where));
  }
  session.problems.setFound(around.looked, around.problems);
  forgetIgnored(session, around);
  noteUnknown(session, matched);
  const unsettled = await recordPresent(session, matched.present);
  recordVanished(session, matched.vanished);
  return { unsettled };
}

async function lookAndMatch(
  session: Session,
  where: Where,
): Promise<[Surroundings, Matched<FoundHere>]> {
  const { state, newId } = session;
  const around = await lookAround(session, where);
  const matched = match<FoundHere>({
    local: state.local,
    inodeOf: (id) => state.seen(id)?.inode,
    byInode: (inode) => state.byInode(inode),
    visited: around.visited,
    newId,
  });
  return [around, matched];
}

/**
 * What was synchronized and is ignored now is forgotten, not deleted: the server keeps it, the disk
 * keeps it, and neither follows the other any more (A34).
 */
function forgetIgnored({ state, ignore }: Session, { visited }: Surroundings): void {
  const notes: Note[] = [];
  for (const { directory } of visited) {
    const path = directory === ROOT ? [] : pathOf(state.local, directory);
    if (path === undefined) continue;
    for (const child of state.local.children(directory)) {
      const entry = state.local.get(child);
      if (entry === undefined || !ignore.ignores([...path, entry.name], entry.kind === 'directory'))
        continue;
      for (const node of [child, ...below(state.local, child)]) {
        notes.push(
          { type: 'local', node, entry: undefined },
          { type: 'synced', node, entry: undefined },
        );
      }
    }
  }
  if (notes.length > 0) state.record(notes);
}

function noteUnknown(
  { unknown }: Session,
  { present, vanished, unknown: now }: Matched<FoundHere>,
): void {
  for (const { node } of present) unknown.delete(node);
  for (const node of vanished) unknown.delete(node);
  for (const node of now) unknown.add(node);
}

/** Recorded in groups, so that an interrupted first scan need not begin again. */
const GROUP = 500;

async function recordPresent(
  session: Session,
  present: readonly MatchedNode<FoundHere>[],
): Promise<Path[]> {
  const unsettled: Path[] = [];
  let notes: Note[] = [];
  let bytes = 0;
  const places = new Map<NodeId, Path>([[ROOT, []]]);
  for (const [index, one] of present.entries()) {
    const path = [
      ...(places.get(one.parent) ?? pathOf(session.state.local, one.parent) ?? []),
      one.found.name,
    ];
    if (one.found.kind === 'directory') places.set(one.node, path);
    const note = await observe(session, one, path);
    if (note === 'unsettled') unsettled.push(path.slice(0, -1));
    else if (note !== undefined) notes.push(...note);
    if (note === undefined || note === 'unsettled') continue;
    bytes += one.found.look?.size ?? 0;
    if (notes.length < GROUP) continue;
    session.state.record(notes);
    notes = [];
    session.listener.progressed({
      step: 'scan',
      files: index + 1,
      filesTotal: present.length,
      bytes,
      bytesTotal: bytes,
    });
  }
  if (notes.length > 0) session.state.record(notes);
  return unsettled;
}

/** What is to be recorded of one thing that is there; nothing, when it is as it was. */
async function observe(
  session: Session,
  { node, parent, found }: MatchedNode<FoundHere>,
  path: Path,
): Promise<Note[] | 'unsettled' | undefined> {
  const { state } = session;
  const { look } = found;
  if (look === undefined) return undefined;
  const known = state.local.get(node);
  const seen = state.seen(node);
  const isAsSeen = known !== undefined && isUnchanged(look, seen);
  if (!isAsSeen && look.kind === 'file')
    return await observeFile(session, { node, parent, known }, path);
  const entry = isAsSeen
    ? movedTo(known, { parent, name: found.name })
    : entryOf(look, parent, found.name);
  const { inode, fingerprint } = look;
  if (sameEntry(entry, known) && seen?.inode === inode && isAsSeen) return undefined;
  return [{ type: 'local', node, entry, seen: { inode, fingerprint } }];
}

function isUnchanged(look: Look, seen: Seen | undefined): boolean {
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
  path: Path,
): Promise<Note[] | 'unsettled' | undefined> {
  try {
    const { manifest, look } = await readFile(session.disk, path);
    const { inode, fingerprint } = look;
    if (fingerprint === '') session.lookAgain.add(path.slice(0, -1).join('/'));
    const { checksum, size } = manifest;
    const mtime =
      known?.kind === 'file' && isSameTime(look.mtime, known.mtime) ? known.mtime : look.mtime;
    const executable = executableOf(session, look, known);
    const name = path.at(-1) ?? '';
    const entry: Entry = { kind: 'file', parent, name, checksum, size, mtime, executable };
    const note: Note = { type: 'local', node, entry, seen: { inode, fingerprint } };
    return size > MAX_WHOLE_SIZE ? [{ type: 'manifest', manifest }, note] : [note];
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.problem === 'absent' || error.problem === 'changed') return 'unsettled';
    const message = 'The file cannot be read; it stays as it was.';
    session.problems.setFound([], [{ path: path.join('/'), code: error.problem, message }]);
    if (known !== undefined) session.unknown.add(node);
    return undefined;
  }
}

/** Where the file system keeps whole or even seconds only, the time that was set reads a little less. */
const isSameTime = (seen: number, known: number): boolean =>
  seen === known || (seen % 1000 === 0 && Math.abs(seen - known) < 2000);

const executableOf = ({ disk }: Session, look: Look, known: Entry | undefined): boolean =>
  disk.features.executableBit ? look.executable : known?.kind === 'file' && known.executable;

function recordVanished({ state }: Session, vanished: readonly NodeId[]): void {
  if (vanished.length === 0) return;
  state.record(vanished.map((node) => ({ type: 'local', node, entry: undefined })));
}
