import type { Manifest } from '../../core/chunk.ts';
import type { NodeId, Place, Versioned } from '../../core/entry.ts';
import type { ActivitySpan, ActivityStep, Found, NamesPage } from '../browsing.ts';
import type {
  AuditRecord,
  ChangeRecord,
  ChunkPlace,
  ClientRecord,
  Condemned,
  FolderName,
  FolderState,
  HistoryQuery,
  HistoryRecord,
  MetadataStore,
  Move,
  PackUse,
  Quarantined,
  Scrubbing,
  Transaction,
  Unused,
} from '../ports.ts';
import { activity, childrenPage, removeClient, searchNames } from './memory-browsing.ts';
import { contentsWith, contested, countsOf, historyOf } from './memory-search.ts';
import {
  chunksIn,
  condemnPacks,
  dropUnused,
  forgetUnused,
  moveChunks,
  packUse,
  pruneCommits,
} from './memory-sweeping.ts';
import { MemoryThinned } from './memory-thinned.ts';
import {
  addNew,
  byKey,
  childrenIn,
  endQuarantine,
  entriesOf,
  found,
  MemoryFolder,
  MemoryTransaction,
  namedIn,
} from './memory-transaction.ts';

/** The database under the store: the next store that gets it knows what this one knew. */
export type MemoryDatabase = Map<FolderName, MemoryFolder>;

/** Keeps everything in memory. */
export class MemoryMetadata extends MemoryThinned implements MetadataStore {
  readonly #database: MemoryDatabase;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(database: MemoryDatabase = new Map()) {
    super();
    this.#database = database;
  }

  async openFolder(name: FolderName, epoch: string): Promise<FolderState> {
    const folder = this.#find(name) ?? new MemoryFolder(epoch);
    this.#database.set(name, folder);
    return stateOf(folder);
  }

  async renewEpoch(name: FolderName, epoch: string): Promise<void> {
    this.#write(name).epoch = epoch;
  }

  async transaction<T>(name: FolderName, body: (tx: Transaction) => Promise<T>): Promise<T> {
    return await this.#inTurn(name, (folder) => runTransaction(folder, body));
  }

  async folder(name: FolderName): Promise<FolderState | undefined> {
    const folder = this.#find(name);
    return folder === undefined ? undefined : stateOf(folder);
  }

  async nodes(name: FolderName, ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return entriesOf(this.#read(name).tree, ids);
  }

  async named(
    name: FolderName,
    places: readonly Place[],
  ): Promise<{ place: Place; node: NodeId }[]> {
    return namedIn(this.#read(name).tree, places);
  }

  async children(name: FolderName, parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return childrenIn(this.#read(name).tree, parents);
  }

  async allNodes(
    name: FolderName,
    { after, limit }: { readonly after: NodeId | undefined; readonly limit: number },
  ): Promise<[NodeId, Versioned][]> {
    return [...this.#read(name).tree.entries()]
      .filter(([id]) => after === undefined || id > after)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit);
  }

  async changes(
    name: FolderName,
    { since, until, limit }: { since: number; until: number; limit: number },
  ): Promise<ChangeRecord[]> {
    const within = this.#read(name).history.filter(
      ({ cursor }) => cursor > since && cursor <= until,
    );
    const last = new Map(within.map((record) => [record.node, record.cursor]));
    return within
      .filter(({ node, cursor }) => last.get(node) === cursor)
      .slice(0, limit)
      .map(({ cursor, node, after }) => ({ cursor, node, entry: after }));
  }

  async chain(name: FolderName, cursor: number): Promise<string | undefined> {
    return this.#read(name).chain.get(cursor);
  }

  async missingChunks(name: FolderName, hashes: readonly string[]): Promise<string[]> {
    const { chunks } = this.#read(name);
    return [...new Set(hashes)].filter((hash) => !chunks.has(hash));
  }

  async chunkPlaces(name: FolderName, hashes: readonly string[]): Promise<ChunkPlace[]> {
    const { chunks } = this.#read(name);
    return found(hashes, (hash) => chunks.get(hash));
  }

  async addChunks(name: FolderName, places: readonly ChunkPlace[]): Promise<void> {
    const folder = this.#write(name);
    addNew(
      folder.chunks,
      byKey(places, ({ hash }) => hash),
    );
    const hashes = places.map(({ hash }) => hash);
    endQuarantine(folder, hashes, 'healed');
  }

  async quarantine(name: FolderName, found: readonly Quarantined[]): Promise<string[]> {
    const { chunks, quarantine } = this.#write(name);
    const taken = found.filter((chunk) => {
      const { pack, offset } = chunks.get(chunk.hash) ?? {};
      if (pack !== chunk.pack || offset !== chunk.offset) return false;
      chunks.delete(chunk.hash);
      quarantine.push({ number: quarantine.length + 1, chunk, end: undefined });
      return true;
    });
    return taken.map(({ hash }) => hash);
  }

  async quarantined(
    name: FolderName,
    { before = Infinity, limit }: { readonly before?: number; readonly limit: number },
  ): ReturnType<MetadataStore['quarantined']> {
    return this.#read(name)
      .quarantine.filter(({ number, end }) => end === undefined && number < before)
      .toReversed()
      .slice(0, limit)
      .map(({ number, chunk }) => ({ ...chunk, number }));
  }

  async contentsWith(name: FolderName, hashes: readonly string[]): Promise<Map<string, string[]>> {
    return contentsWith(this.#read(name), hashes);
  }

  async forgetQuarantined(name: FolderName, hashes: readonly string[]): Promise<void> {
    endQuarantine(this.#write(name), hashes, 'forgotten');
  }

  async packs(name: FolderName): Promise<Map<string, number>> {
    const packs = new Map<string, number>();
    for (const { pack, offset, length } of this.#read(name).chunks.values()) {
      packs.set(pack, Math.max(packs.get(pack) ?? 0, offset + length));
    }
    return packs;
  }

  async chunksAfter(name: FolderName, after: string, limit: number): Promise<ChunkPlace[]> {
    return [...this.#read(name).chunks.values()]
      .filter(({ hash }) => hash > after)
      .sort((a, b) => (a.hash < b.hash ? -1 : 1))
      .slice(0, limit);
  }

  async scrubbing(name: FolderName): Promise<Scrubbing | undefined> {
    return this.#read(name).scrubbing;
  }

  async putScrubbing(name: FolderName, scrubbing: Scrubbing): Promise<void> {
    this.#write(name).scrubbing = scrubbing;
  }

  async manifests(name: FolderName, checksums: readonly string[]): Promise<Manifest[]> {
    const { manifests } = this.#read(name);
    return found(checksums, (checksum) => manifests.get(checksum));
  }

  async manifestsAfter(name: FolderName, after: string, limit: number): Promise<Manifest[]> {
    return [...this.#read(name).manifests.values()]
      .filter(({ checksum }) => checksum > after)
      .sort((a, b) => (a.checksum < b.checksum ? -1 : 1))
      .slice(0, limit);
  }

  async dropUnused(name: FolderName, unused: Unused): Promise<string[]> {
    return this.#inTurn(name, (folder) => dropUnused(folder, unused));
  }

  async forgetUnused(name: FolderName, now: number): Promise<void> {
    forgetUnused(this.#write(name), now);
  }

  async condemnPacks(name: FolderName, condemned: Condemned): Promise<string[]> {
    return condemnPacks(this.#write(name), condemned);
  }

  async packUse(name: FolderName): Promise<Map<string, PackUse>> {
    return packUse(this.#read(name));
  }

  async chunksIn(name: FolderName, packs: readonly string[]): Promise<ChunkPlace[]> {
    return chunksIn(this.#read(name), packs);
  }

  async moveChunks(name: FolderName, moves: readonly Move[]): Promise<void> {
    moveChunks(this.#write(name), moves);
  }

  async pruneCommits(name: FolderName, before: number): Promise<number> {
    return pruneCommits(this.#write(name), before);
  }

  async history(name: FolderName, query: HistoryQuery): Promise<HistoryRecord[]> {
    return historyOf(this.#read(name), query);
  }

  async childrenPage(name: FolderName, parent: NodeId, page: NamesPage): Promise<Found[]> {
    return childrenPage(this.#read(name), parent, page);
  }

  async searchNames(name: FolderName, text: string, limit: number): Promise<Found[]> {
    return searchNames(this.#read(name), text, limit);
  }

  async activity(name: FolderName, span: ActivitySpan): Promise<ActivityStep[]> {
    return activity(this.#read(name), span);
  }

  async removeClient(name: FolderName, clientId: string): Promise<boolean> {
    return removeClient(this.#write(name), clientId);
  }

  async contested(
    name: FolderName,
    since: number,
  ): Promise<{ path: string; node: NodeId; clients: string[]; last: number }[]> {
    return contested(this.#read(name), since);
  }

  async putClient(name: FolderName, client: ClientRecord): Promise<void> {
    const { clients } = this.#write(name);
    const known = clients.get(client.clientId);
    if (known === undefined || known.lastSeen <= client.lastSeen) {
      clients.set(client.clientId, client);
    }
  }

  async client(name: FolderName, clientId: string): Promise<ClientRecord | undefined> {
    return this.#read(name).clients.get(clientId);
  }

  async clients(name: FolderName): Promise<ClientRecord[]> {
    return [...this.#read(name).clients.values()].sort((a, b) =>
      a.clientId < b.clientId ? -1 : 1,
    );
  }

  async synchronizing(name: FolderName): Promise<Set<string>> {
    return new Set(this.#read(name).tokens.keys());
  }

  async exchangeToken(
    name: FolderName,
    clientId: string,
    { expected, next }: { readonly expected: readonly string[] | 'any'; readonly next: string },
  ): Promise<boolean> {
    const { tokens } = this.#write(name);
    const token = tokens.get(clientId);
    if (token !== undefined && expected !== 'any' && !expected.includes(token)) return false;
    tokens.set(clientId, next);
    return true;
  }

  async audit(name: FolderName, records: readonly AuditRecord[]): Promise<void> {
    const { audit } = this.#write(name);
    for (const record of records) audit.push(record);
  }

  async auditLog(
    name: FolderName,
    { clientId, limit }: { readonly clientId?: string; readonly limit: number },
  ): Promise<AuditRecord[]> {
    return this.#read(name)
      .audit.filter((record) => clientId === undefined || record.clientId === clientId)
      .reverse()
      .sort((a, b) => b.time - a.time)
      .slice(0, limit);
  }

  async pruneAudit(name: FolderName, before: number): Promise<number> {
    const folder = this.#write(name);
    const known = folder.audit.length;
    folder.audit = folder.audit.filter(({ time }) => time >= before);
    return known - folder.audit.length;
  }

  async counts(name: FolderName): ReturnType<MetadataStore['counts']> {
    return countsOf(this.#read(name));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }

  /** One after the other with the transactions. */
  async #inTurn<T>(name: FolderName, body: (folder: MemoryFolder) => T | Promise<T>): Promise<T> {
    this.#assertOpen();
    const turn = this.#turn.then(() => body(this.#must(name)));
    this.#turn = turn.catch(() => undefined);
    return await turn;
  }

  #find(name: FolderName): MemoryFolder | undefined {
    this.#assertOpen();
    return this.#database.get(name);
  }

  protected override past(name: FolderName): MemoryFolder {
    return this.#read(name);
  }

  protected override changed(name: FolderName): MemoryFolder {
    return this.#write(name);
  }

  /** A folder that is not there reads as an empty one. */
  #read(name: FolderName): MemoryFolder {
    return this.#find(name) ?? new MemoryFolder('');
  }

  #write(name: FolderName): MemoryFolder {
    this.#assertOpen();
    return this.#must(name);
  }

  /** For what waited for its turn, too, while the store was closed. */
  #must(name: FolderName): MemoryFolder {
    const folder = this.#database.get(name);
    if (folder === undefined) throw new Error(`There is no folder called ${name}.`);
    return folder;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('The metadata store is closed.');
  }
}

async function runTransaction<T>(
  folder: MemoryFolder,
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const tx = new MemoryTransaction(folder);
  try {
    const value = await body(tx);
    tx.apply();
    return value;
  } finally {
    tx.end();
  }
}

const stateOf = ({ epoch, cursor }: FolderState): FolderState => ({ epoch, cursor });
