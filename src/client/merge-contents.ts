import { createHash } from 'node:crypto';
import type { MergedInput } from '../core/change.ts';
import {
  type Entry,
  type FileContent,
  type FileEntry,
  type NodeId,
  sameBytes,
} from '../core/entry.ts';
import { pathOf, type Tree } from '../core/tree.ts';
import { atOnce } from './at-once.ts';
import { fetchWhole } from './carry-out/stage-content.ts';
import { isText, MAX_TEXT, mergeText } from './merge-text.ts';
import { inUnmounted } from './mounts.ts';
import { ApiFailure, type ClientState, DiskError, type Path } from './ports.ts';
import type { Session } from './session.ts';
import { sendContent } from './upload.ts';
import { visibleRemote } from './visible-remote.ts';

/** A content that both sides changed, with what they last agreed on. */
export interface Contested {
  readonly synced: FileEntry;
  readonly local: FileEntry;
  readonly remote: FileEntry;
}

/** What merging one node's contents came to. */
export interface Merge {
  /** Of which three contents; of others it says nothing. */
  readonly of: string;
  /** Undefined: they cannot be merged, and the conflict is settled by a copy. */
  readonly content: FileContent | undefined;
  /** Undefined: too much to keep; they are merged once more when they are written. */
  readonly bytes?: Uint8Array;
  /** The version made here, where the result is another one: for the history. */
  readonly from?: MergedInput;
}

/** Nodes whose contents are merged at a time. */
const AT_ONCE = 4;
/** Of merged bytes that wait to be written. */
const KEPT = 32 * 1024 * 1024;
/** After the server could not take the version made here, in milliseconds. */
const LATER = 60_000;

/**
 * Rule M9: merges the texts that both sides changed, before it is decided what becomes of them. What it takes
 * is asked of server and disk here; what comes of it is kept in the session, and the decision looks it up.
 * What was made here is on the server before it is answered, so that the history can keep it. Answers the directories
 * of files that are not what they were.
 */
export async function mergeContents(session: Session): Promise<Path[]> {
  const dirty: Path[] = [];
  // Notices come while contents are fetched, and change what is to be merged.
  for (let turn = 0; turn < 3; turn += 1) {
    const now = session.clock.now();
    const open = unmerged(session, forgetSettled(session)).filter(
      ({ node }) =>
        !session.problems.isHeld(node, now) && !inUnmounted(session, node, session.state.remote),
    );
    if (open.length === 0) break;
    await atOnce(open, AT_ONCE, async (one) => {
      const path = pathOf(session.state.local, one.node);
      if (path === undefined) return;
      const merge = await tryMerging(session, { ...one, path });
      if (merge === undefined) dirty.push(path.slice(0, -1));
      else keep(session, one.node, merge);
    });
    if (dirty.length > 0) break;
  }
  return dirty;
}

/** Answers the nodes of which there is anything to decide; of others no merge is wanted any more. */
function forgetSettled({ merges, state }: Session): NodeId[] {
  const changed = state.changed();
  const still = merges.size > 0 ? new Set(changed) : undefined;
  for (const node of merges.keys()) if (still?.has(node) !== true) merges.delete(node);
  return changed;
}

/** The decision's question: what was merged of exactly these three contents. */
export function mergedContent(session: Session, remote: Tree, id: NodeId): FileContent | undefined {
  const contents = contestedOf(session, remote, id);
  const merge = session.merges.get(id);
  return contents !== undefined && merge?.of === nameOf(contents) ? merge.content : undefined;
}

/** What could be merged and was not looked at yet: until it was, nothing becomes of it. */
export function unmerged(
  session: Session,
  changed: Iterable<NodeId>,
  remote: Tree = visibleRemote(session),
): (Contested & { readonly node: NodeId })[] {
  return [...changed].flatMap((node) => {
    const contents = contestedOf(session, remote, node);
    if (contents === undefined || session.merges.get(node)?.of === nameOf(contents)) return [];
    return [{ node, ...contents }];
  });
}

function contestedOf(session: Session, tree: Tree, node: NodeId): Contested | undefined {
  const { state, settings, unknown } = session;
  if (settings.textMerge === false || unknown.has(node)) return undefined;
  const [synced, local] = [textFile(state.synced.get(node)), textFile(state.local.get(node))];
  if (synced === undefined || local === undefined || sameBytes(synced, local)) return undefined;
  const remote = textFile(tree.get(node));
  if (remote === undefined || sameBytes(synced, remote) || sameBytes(local, remote))
    return undefined;
  return { synced, local, remote };
}

/** A file that may be a text, as far as can be told without its bytes. */
const textFile = (entry: Entry | undefined): FileEntry | undefined =>
  entry?.kind === 'file' && entry.size <= MAX_TEXT ? entry : undefined;

const nameOf = ({ synced, local, remote }: Contested): string =>
  [synced, local, remote].map(identityOf).join(' ');

const identityOf = ({ checksum, mtime, executable }: FileContent): string =>
  `${checksum} ${mtime} ${executable}`;

interface Merging extends Contested {
  readonly node: NodeId;
  /** Of the local file. */
  readonly path: Path;
}

/** Undefined: the file is not what was observed of it, or the server can take nothing just now. */
async function tryMerging(session: Session, merging: Merging): Promise<Merge | undefined> {
  const of = nameOf(merging);
  try {
    const bytes = await mergeBytes(session, merging);
    if (bytes === undefined) return { of, content: undefined };
    const content = contentOf(merging, bytes);
    if (isOneOf(merging, content)) return { of, content };
    if (!fits(session, [content, merging.local])) return { of, content: undefined };
    const { checksum, size } = merging.local;
    await sendContent(session, merging.local, merging.path);
    return { of, content, bytes, from: { checksum, size } };
  } catch (error) {
    if (error instanceof DiskError && error.problem === 'changed') return undefined;
    if (error instanceof DiskError) return { of, content: undefined };
    if (error instanceof ApiFailure && error.code === 'disk_full')
      return hold(session, merging, error);
    throw error;
  }
}

/** The three versions, merged; undefined where that cannot be, or one of them is not to be had. */
async function mergeBytes(
  session: Session,
  { synced, local, remote, path }: Omit<Merging, 'node'>,
): Promise<Uint8Array | undefined> {
  const here = await readVerified(session, path, local);
  if (!isText(here)) return undefined;
  const [ancestor, there] = await fetchWhole(session, [synced, remote]);
  if (ancestor === undefined || there === undefined) return undefined;
  return mergeText({ ancestor, local: here, remote: there });
}

/** The same once more, where the bytes were not kept; `path`: where the file is by now. */
export async function mergeAgain(
  session: Session,
  node: NodeId,
  path: Path,
): Promise<Uint8Array | undefined> {
  const contents = contestedOf(session, visibleRemote(session), node);
  return contents && (await mergeBytes(session, { ...contents, path }));
}

/** Throws DiskError 'changed' when the file is not what was observed of it. */
async function readVerified(
  { disk }: Session,
  path: Path,
  { checksum, size }: FileEntry,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of disk.read(path, { offset: 0, length: size + 1 })) parts.push(part);
  } catch (error) {
    if (error instanceof DiskError && error.problem === 'absent')
      throw new DiskError('changed', path, { cause: error });
    throw error;
  }
  const bytes = Buffer.concat(parts);
  if (checksumOf(bytes) !== checksum) throw new DiskError('changed', path);
  return bytes;
}

/** The later time, and the executable bit of the side that changed it: the same whoever merges. */
function contentOf({ synced, local, remote }: Contested, bytes: Uint8Array): FileContent {
  const checksum = checksumOf(bytes);
  const executable = local.executable === synced.executable ? remote.executable : local.executable;
  const side = [remote, local].find((one) => one.checksum === checksum);
  const mtime = side?.mtime ?? Math.max(local.mtime, remote.mtime);
  return { checksum, size: bytes.length, mtime, executable };
}

const checksumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One side had made the other's changes too: nothing new is to be written. */
const isOneOf = ({ local, remote }: Contested, { checksum }: FileContent): boolean =>
  checksum === local.checksum || checksum === remote.checksum;

const fits = ({ welcome }: Session, contents: readonly FileContent[]): boolean =>
  contents.every(({ size }) => size <= (welcome?.maxFileSize ?? size));

function hold(session: Session, { node, path }: Merging, failure: ApiFailure): undefined {
  const { code, message } = failure;
  const problem = { path: path.join('/'), code, message };
  session.problems.set(node, problem, session.clock.now() + LATER);
}

/** The latest bytes, as many as are kept. */
function keep({ merges }: Session, node: NodeId, merge: Merge): void {
  merges.set(node, merge);
  let bytes = 0;
  for (const [other, one] of [...merges].reverse()) {
    bytes += one.bytes?.length ?? 0;
    if (one.bytes === undefined || bytes <= KEPT) continue;
    const { bytes: _, ...rest } = one;
    merges.set(other, rest);
  }
}

/** The merge that an entry is to be written from; undefined: it comes from elsewhere. */
export function mergeFor(
  { merges }: Session,
  node: NodeId,
  { checksum }: FileEntry,
): (Merge & { readonly from: MergedInput }) | undefined {
  const merge = merges.get(node);
  const { from, content } = merge ?? {};
  if (merge === undefined || from === undefined || content?.checksum !== checksum) return undefined;
  return { ...merge, from };
}

/** What is remembered of how a content was made: each version that a person made, and none of ours. */
export function madeOf(
  state: ClientState,
  node: NodeId,
  { from, checksum }: { readonly from: MergedInput; readonly checksum: string },
) {
  const before = state.made(node);
  const inputs = before?.checksum === from.checksum ? before.from : [...(before?.from ?? []), from];
  return { checksum, from: inputs.slice(-8) };
}
