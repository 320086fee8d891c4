import type { Chunk } from '../core/chunk.ts';
import { type FileEntry, type NodeId, ROOT } from '../core/entry.ts';
import { below, pathOf } from '../core/tree.ts';
import type { WantedChunk } from '../protocol/wanted.ts';
import { isToCome } from './is-to-come.ts';
import { ApiFailure, DiskError } from './ports.ts';
import type { Session } from './session.ts';
import { manifestOf, readChunk } from './upload.ts';

/** Of one round: the next one goes on. Bytes. */
const ROUND = 16 * 1024 * 1024;
/** Of one request. Bytes. */
const REQUEST = 8 * 1024 * 1024;
/** Of the server's list, in one round: more than a whole store of chunks ever rots at once, and a bound. */
const PAGES = 1000;
/** Milliseconds until the server is asked again, after it could not take what it wants, or we could not read it. */
const PATIENCE = 5 * 60_000;

/**
 * Sends chunks that rotted on the server, as far as this directory holds their contents: only what is verified byte
 * by byte, and only of files that are synchronized, whatever the server asks for (G04). Answers how many; 0 when
 * nothing more can be given. The round is over by then, and nothing that goes wrong here is its concern.
 */
export async function giveBack(session: Session): Promise<number> {
  const { wanted, clock } = session;
  if (wanted.told === wanted.answered || isToCome(wanted.again, clock.now(), PATIENCE)) return 0;
  const { told } = wanted;
  try {
    const { given, isUnsure } = await give(session);
    if (given > 0) return given;
    if (isUnsure) wanted.again = clock.now() + PATIENCE;
    else wanted.answered = told;
    return 0;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    wanted.again = clock.now() + PATIENCE;
    return 0;
  }
}

interface Given {
  readonly given: number;
  /** Something that may be here could not be read: its disk may be away for a while. */
  readonly isUnsure: boolean;
}

async function give(session: Session): Promise<Given> {
  const asked = await askedFor(session);
  const holders = holdersOf(session, new Set(asked.flatMap(({ contents }) => contents)));
  const here = asked.filter(({ contents }) => contents.some((one) => holders.has(one)));
  if (here.length === 0) return { given: 0, isUnsure: false };
  // Others hear the same, and may have sent it by now.
  const missing = new Set(await session.api.missing(here.map(({ hash }) => hash)));
  const lacking = here.filter(({ hash }) => missing.has(hash));
  return await send(session, lacking, holders);
}

async function askedFor({ api }: Session): Promise<WantedChunk[]> {
  const asked: WantedChunk[] = [];
  let before: number | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { wanted, next } = await api.wanted(before);
    asked.push(...wanted);
    if (next === undefined) break;
    before = next;
  }
  return asked;
}

interface Holder {
  readonly node: NodeId;
  readonly entry: FileEntry;
}
type Holders = ReadonlyMap<string, readonly Holder[]>;

/** The files here that were seen with these contents. */
function holdersOf({ state }: Session, checksums: ReadonlySet<string>): Holders {
  const holders = new Map<string, Holder[]>();
  for (const node of below(state.local, ROOT)) {
    const entry = state.local.get(node);
    if (entry?.kind !== 'file' || !checksums.has(entry.checksum)) continue;
    holders.set(entry.checksum, [...(holders.get(entry.checksum) ?? []), { node, entry }]);
  }
  return holders;
}

async function send(
  session: Session,
  lacking: readonly WantedChunk[],
  holders: Holders,
): Promise<Given> {
  let group: Chunk[] = [];
  let [bytes, given] = [0, 0];
  let isUnsure = false;
  const flush = async (): Promise<void> => {
    if (group.length > 0) await session.api.sendChunks(group);
    given += group.length;
    group = [];
  };
  for (const wanted of lacking) {
    if (bytes >= ROUND) break;
    const chunk = await findChunk(session, wanted, holders);
    if (chunk === 'unreadable') isUnsure = true;
    if (chunk === undefined || chunk === 'unreadable') continue;
    if (sizeOf(group) + chunk.size > REQUEST) await flush();
    group.push(chunk);
    bytes += chunk.size;
  }
  await flush();
  return { given, isUnsure };
}

const sizeOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { size }) => sum + size, 0);

/** undefined: no file here holds it any more, whatever was last seen of them (D14). */
async function findChunk(
  session: Session,
  { hash, contents }: WantedChunk,
  holders: Holders,
): Promise<Chunk | 'unreadable' | undefined> {
  let isUnreadable = false;
  for (const holder of contents.flatMap((checksum) => holders.get(checksum) ?? [])) {
    try {
      const chunk = await chunkFrom(session, holder, hash);
      if (chunk !== undefined) return chunk;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (error.problem !== 'changed') isUnreadable = true;
    }
  }
  return isUnreadable ? 'unreadable' : undefined;
}

async function chunkFrom(
  session: Session,
  { node, entry }: Holder,
  hash: string,
): Promise<Chunk | undefined> {
  const path = pathOf(session.state.local, node);
  if (path === undefined) return undefined;
  const { chunks } = await manifestOf(session, entry, path);
  let offset = 0;
  for (const ref of chunks) {
    if (ref.hash === hash) return await readChunk(session, { path, ref, offset });
    offset += ref.size;
  }
  return undefined;
}
