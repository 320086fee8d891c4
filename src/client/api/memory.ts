import { createHash } from 'node:crypto';
import type { Change, MergedInput } from '../../core/change.ts';
import type { Chunk } from '../../core/chunk.ts';
import { type Manifest, single } from '../../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../../core/cut.ts';
import type { NodeId, Versioned } from '../../core/entry.ts';
import { judge } from '../../core/judge.ts';
import { MemoryTree } from '../../core/tree.ts';
import type { Answer } from '../../protocol/commit.ts';
import { FAILURES } from '../../protocol/failure.ts';
import type { Point } from '../../protocol/point.ts';
import type { RemoteChange } from '../../protocol/remote-change.ts';
import type { Introduced, Welcome } from '../introduction.ts';
import type { LiveEvent } from '../live-connection.ts';
import { type Api, ApiFailure, type ChangesPage, type Offer } from '../ports.ts';

export interface MemoryServerOptions {
  readonly epoch?: string;
  /** Changes in one page. */
  readonly page?: number;
  readonly maxFileSize?: number;
  /** Milliseconds since 1970, of what is committed. */
  readonly now?: () => number;
}

/** Who made a change, and when. */
export interface Made {
  readonly clientId: string;
  readonly clientName: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The name of a history in which nothing happened. */
const otherHistory = (): ApiFailure =>
  new ApiFailure('wrong_epoch', FAILURES.wrong_epoch.meaning, { retry: true });

const ORIGIN = '0'.repeat(64);

/** A whole server in memory, for as many clients as ask for an `api`. It judges as the real one does. */
export class MemoryServer {
  epoch: string;
  cursor = 0;
  readonly tree = new MemoryTree<Versioned>();
  readonly chunks = new Map<string, Chunk>();
  /** Thrown by the next calls, one each. */
  readonly failures: ApiFailure[] = [];
  /** How often each method was called. */
  readonly calls = new Map<string, number>();
  /** What merged contents were made of, as the history keeps it: by the cursor of their change. */
  readonly mergedFrom = new Map<number, readonly MergedInput[]>();
  /** Who made each change, by its cursor. */
  readonly made = new Map<number, Made>();
  /** Chunks that rotted and that nobody brought back, each with its number. */
  readonly #rotten = new Map<string, { readonly number: number; readonly size: number }>();
  #rotted = 0;
  readonly #changes: RemoteChange[] = [];
  /** By the last cursor of each commit: the name of the history up to there. */
  readonly #chain = new Map([[0, ORIGIN]]);
  /** What each client was welcomed with last. */
  readonly #tokens = new Map<string, string>();
  readonly #manifests = new Map<string, Manifest>();
  readonly #answers = new Map<string, Answer>();
  readonly #listeners = new Map<string, (event: LiveEvent) => void>();
  readonly #page: number;
  readonly maxFileSize: number;
  readonly #now: () => number;

  constructor(options: MemoryServerOptions = {}) {
    const { epoch = 'epoch-1', page = 1000, maxFileSize = 1e9, now = () => 0 } = options;
    this.epoch = epoch;
    this.#now = now;
    this.#page = page;
    this.maxFileSize = maxFileSize;
  }

  /** As after a new installation: nothing of the past is known. */
  forgetAll(): void {
    this.restore([]);
  }

  /** What a backup holds: the changes so far. Chunks are never lost with it. */
  backUp(): readonly RemoteChange[] {
    return [...this.#changes];
  }

  /** Goes back to a backup, in the same epoch. */
  restore(backup: readonly RemoteChange[]): void {
    for (const id of [...this.tree.ids()]) this.tree.set(id, undefined);
    for (const { node, entry } of backup) this.tree.set(node, entry);
    this.#changes.splice(0, this.#changes.length, ...backup);
    this.#answers.clear();
    this.cursor = backup.at(-1)?.cursor ?? 0;
    for (const cursor of [...this.#chain.keys()])
      if (cursor > this.cursor) this.#chain.delete(cursor);
    if (!this.#chain.has(this.cursor)) this.#link(ORIGIN, backup);
  }

  /** What a bad disk does to a chunk: from then on it is missing, and asked for. */
  rot(hash: string): void {
    const { size } = this.chunks.get(hash) ?? { size: 0 };
    if (!this.chunks.delete(hash)) throw new Error(`${hash} is not stored`);
    this.#rotted += 1;
    this.#rotten.set(hash, { number: this.#rotted, size });
  }

  /** Told of every commit that another client made. */
  listen(clientId: string, onEvent: (event: LiveEvent) => void): void {
    this.#listeners.set(clientId, onEvent);
  }

  /** `client`: its id, which may become another. */
  api(client: string | (() => string), clientName?: string): Api {
    const idNow = typeof client === 'string' ? () => client : client;
    const call = <T>(name: string, answer: () => T): T => {
      this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
      const failure = this.failures.shift();
      if (failure !== undefined) throw failure;
      return answer();
    };
    return {
      register: async (introduced) => call('register', () => this.#welcome(introduced)),
      changes: async (since, until, known) =>
        call('changes', () => this.#changesAfter(since, until, known)),
      missing: async (hashes) =>
        call('missing', () => hashes.filter((hash) => !this.chunks.has(hash))),
      wanted: async (before) => call('wanted', () => this.#wanted(before)),
      sendChunks: async (chunks) => call('sendChunks', () => this.#keep(chunks)),
      commit: async (offer) =>
        call('commit', () => {
          const clientId = idNow();
          return this.#commit({ clientId, clientName: clientName ?? clientId }, offer);
        }),
      manifests: async (checksums) =>
        call('manifests', () => checksums.flatMap((one) => this.#manifests.get(one) ?? [])),
      fetchChunks: (refs, how) => {
        const found = call('fetchChunks', () => refs.map(({ hash }) => this.chunks.get(hash)));
        return how === 'unverified' ? lent(eachOf(found)) : eachOf(found);
      },
    };
  }

  #isPoint(known: Point | undefined): boolean {
    if (known === undefined) return true;
    return known.epoch === this.epoch && this.#chain.get(known.cursor) === known.chain;
  }

  #welcome({ clientId, known, identity }: Introduced): Welcome {
    const knows = this.#isPoint(known);
    const token = this.#tokens.get(clientId);
    const isExpected = token === identity?.last || token === identity?.next;
    if (identity !== undefined && token !== undefined && knows && !isExpected)
      throw new ApiFailure('cloned', FAILURES.cloned.meaning, { retry: FAILURES.cloned.retry });
    if (identity !== undefined) this.#tokens.set(clientId, identity.next);
    const { epoch, cursor } = this;
    return {
      ...{ epoch, cursor, knows },
      maxFileSize: this.maxFileSize,
      allowedExtensions: undefined,
    };
  }

  #link(before: string, changes: readonly RemoteChange[]): string {
    const chain = createHash('sha256').update(before).update(JSON.stringify(changes)).digest('hex');
    this.#chain.set(changes.at(-1)?.cursor ?? 0, chain);
    return chain;
  }

  #keep(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      this.chunks.set(chunk.hash, { ...chunk, bytes: chunk.bytes.slice() });
      this.#rotten.delete(chunk.hash);
    }
  }

  /** One to a page, so that every client asks for pages. */
  #wanted(before = Number.POSITIVE_INFINITY): Awaited<ReturnType<Api['wanted']>> {
    const all = [...this.#rotten].filter(([, { number }]) => number < before);
    const [last] = all.slice(-1);
    if (last === undefined) return { wanted: [], next: undefined };
    const [hash, { number, size }] = last;
    const contents = this.#contentsWith(hash);
    const wanted = contents.length > 0 ? [{ hash, size, contents }] : [];
    return { wanted, next: all.length > 1 ? number : undefined };
  }

  #contentsWith(hash: string): string[] {
    const named = this.#changes.flatMap(({ entry }) =>
      entry?.kind === 'file' ? [entry.checksum] : [],
    );
    const merged = [...this.mergedFrom.values()].flat().map(({ checksum }) => checksum);
    const isPart = (checksum: string): boolean =>
      checksum === hash ||
      (this.#manifests.get(checksum)?.chunks.some((one) => one.hash === hash) ?? false);
    return [...new Set([...named, ...merged])].filter(isPart);
  }

  #changesAfter(since: number, until = this.cursor, known?: Point): ChangesPage {
    if (since > this.cursor || until > this.cursor || !this.#isPoint(known)) throw otherHistory();
    const last = new Map<NodeId, RemoteChange>();
    for (const change of this.#changes) {
      if (change.cursor > since && change.cursor <= until) last.set(change.node, change);
    }
    const all = [...last.values()].sort((a, b) => a.cursor - b.cursor);
    const changes = all.slice(0, this.#page);
    const isLast = changes.length === all.length;
    const next = isLast ? until : (changes.at(-1)?.cursor ?? until);
    const wanted = Math.max(0, ...[...this.#rotten.values()].map(({ number }) => number));
    const chain = this.#chain.get(until);
    return { epoch: this.epoch, changes, next, until, chain, wanted };
  }

  #commit(client: { clientId: string; clientName: string }, offer: Offer): Answer {
    const key = `${client.clientId}/${offer.key}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (!this.#isPoint(offer.known)) throw otherHistory();
    this.#keep(offer.chunks);
    const manifests = new Map(offer.manifests.map((one) => [one.checksum, one]));
    const missing = offer.changes.flatMap((change) => this.#missingOf(change, manifests));
    if (missing.length > 0) return { type: 'missing', chunks: missing };
    const { cursor } = this;
    const judgement = judge(this.tree, {
      changes: offer.changes,
      cursor,
      author: client.clientName,
    });
    if (judgement.type === 'refused') {
      const refusals = judgement.refusals.map(({ node, code }) => ({
        node,
        code,
        retry: FAILURES[code].retry,
        message: FAILURES[code].meaning,
      }));
      return { type: 'refused', refusals };
    }
    for (const [checksum, manifest] of manifests) this.#manifests.set(checksum, manifest);
    const changes = judgement.applied.map(({ cursor, node, after }) => ({
      cursor,
      node,
      entry: after,
    }));
    for (const { node, entry } of changes) this.tree.set(node, entry);
    for (const [at, change] of offer.changes.entries()) {
      const from = change.type === 'update' ? change.content?.mergedFrom : undefined;
      if (from !== undefined) this.mergedFrom.set(cursor + at + 1, from);
    }
    const time = this.#now();
    for (const change of changes) this.made.set(change.cursor, { ...client, time });
    this.#changes.push(...changes);
    this.cursor += changes.length;
    const cursors = changes.map((change) => change.cursor);
    const chain = this.#link(this.#chain.get(cursor) ?? ORIGIN, changes);
    const answer: Answer = { type: 'accepted', epoch: this.epoch, cursors, chain };
    this.#answers.set(key, answer);
    this.#tell(client.clientId, { since: cursor, changes, chunks: offer.chunks, chain });
    return answer;
  }

  #missingOf(change: Change, manifests: ReadonlyMap<string, Manifest>): string[] {
    if (change.type === 'delete' || change.content === undefined) return [];
    const { content } = change;
    if (!('checksum' in content)) return [];
    const merged = (change.type === 'update' && change.content?.mergedFrom) || [];
    const hashes = [content, ...merged].flatMap((one) => {
      const { checksum, size } = one;
      const large = size > MAX_WHOLE_SIZE;
      const known = large ? (manifests.get(checksum) ?? this.#manifests.get(checksum)) : undefined;
      return (known ?? single({ checksum, size })).chunks.map(({ hash }) => hash);
    });
    return hashes.filter((hash) => !this.chunks.has(hash));
  }

  #tell(
    from: string,
    commit: Omit<Extract<LiveEvent, { type: 'changed' }>, 'type' | 'epoch'>,
  ): void {
    for (const [clientId, onEvent] of this.#listeners) {
      if (clientId !== from) onEvent({ type: 'changed', epoch: this.epoch, ...commit });
    }
  }
}

/** Who keeps what was lent finds out. */
async function* lent(chunks: AsyncIterable<Chunk>): AsyncIterable<Chunk> {
  for await (const chunk of chunks) {
    const bytes = chunk.bytes.slice();
    yield { ...chunk, bytes };
    bytes.fill(0);
  }
}

async function* eachOf(chunks: readonly (Chunk | undefined)[]): AsyncIterable<Chunk> {
  for (const chunk of chunks) if (chunk !== undefined) yield chunk;
  if (!chunks.includes(undefined)) return;
  throw new ApiFailure('not_found', 'A chunk is missing.', { retry: true });
}
