import type { Manifest } from '../../../core/chunk.ts';
import type { NodeId, Place, Versioned } from '../../../core/entry.ts';
import type { ActivitySpan, ActivityStep, Found, NamesPage } from '../../browsing.ts';
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
} from '../../ports.ts';
import { type Connections, openConnections } from './connection.ts';
import { PRUNED_AT_ONCE, SqlitePast } from './past-store.ts';
import { type Tables, tablesOf } from './tables.ts';
import { runTransaction } from './transaction.ts';
import { Writer } from './writer.ts';

/** No folder has this key: a folder that is not there reads as an empty one. */
const NOWHERE = 0;

/** Opens the database file, which is created when it is not there. Throws when it cannot be used as it is. */
export async function openSqliteMetadata({ path }: { path: string }): Promise<MetadataStore> {
  return metadataOver(openConnections(path));
}

/** Over one connection, too, that only reads. */
export const metadataOver = (connections: Connections): MetadataStore =>
  new SqliteMetadata(connections);

class SqliteMetadata extends SqlitePast implements MetadataStore {
  readonly #connections: Connections;
  /** What is committed. */
  readonly #tables: Tables;
  /** For writing, in turn. */
  readonly #own: Tables;
  readonly #writer: Writer;
  #closing: Promise<void> | undefined;

  constructor(connections: Connections) {
    super();
    this.#connections = connections;
    this.#tables = tablesOf(connections.reader);
    this.#own = tablesOf(connections.writer);
    this.#writer = new Writer(connections.writer);
  }

  async openFolder(folder: FolderName, epoch: string): Promise<FolderState> {
    const there = await this.folder(folder);
    if (there !== undefined) return there;
    return this.#queue(() => {
      this.#own.folders.add(folder, epoch);
      return stateOf(this.#own.folders.must(folder));
    });
  }

  async renewEpoch(folder: FolderName, epoch: string): Promise<void> {
    return this.#write(folder, (key, { folders }) => folders.renew(key, epoch));
  }

  async transaction<T>(folder: FolderName, body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#queue(() => runTransaction(this.#own, folder, body));
  }

  async folder(folder: FolderName): Promise<FolderState | undefined> {
    this.#assertOpen();
    const found = this.#tables.folders.find(folder);
    return found === undefined ? undefined : stateOf(found);
  }

  async nodes(folder: FolderName, ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return this.#read(folder, (key, { nodes }) => nodes.byId(key, ids));
  }

  async named(
    folder: FolderName,
    places: readonly Place[],
  ): Promise<{ place: Place; node: NodeId }[]> {
    return this.#read(folder, (key, { nodes }) => nodes.byPlace(key, places));
  }

  async children(folder: FolderName, parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return this.#read(folder, (key, { nodes }) => nodes.children(key, parents));
  }

  async allNodes(
    folder: FolderName,
    page: { readonly after: NodeId | undefined; readonly limit: number },
  ): Promise<[NodeId, Versioned][]> {
    return this.#read(folder, (key, { nodes }) => nodes.page(key, page));
  }

  async changes(
    folder: FolderName,
    range: { readonly since: number; readonly until: number; readonly limit: number },
  ): Promise<ChangeRecord[]> {
    return this.#read(folder, (key, { history }) => history.changes(key, range));
  }

  async chain(folder: FolderName, cursor: number): Promise<string | undefined> {
    return this.#read(folder, (key, { folders }) => folders.chain(key, cursor));
  }

  async missingChunks(folder: FolderName, hashes: readonly string[]): Promise<string[]> {
    return this.#read(folder, (key, { chunks }) => chunks.missing(key, hashes));
  }

  async chunkPlaces(folder: FolderName, hashes: readonly string[]): Promise<ChunkPlace[]> {
    return this.#read(folder, (key, { chunks }) => chunks.places(key, hashes));
  }

  async addChunks(folder: FolderName, places: readonly ChunkPlace[]): Promise<void> {
    return this.#write(folder, (key, { chunks, quarantine }) => {
      chunks.addPlaces(key, places);
      quarantine.heal(key, places);
    });
  }

  async quarantine(folder: FolderName, chunks: readonly Quarantined[]): Promise<string[]> {
    return this.#write(folder, (key, { quarantine }) => quarantine.take(key, chunks));
  }

  async quarantined(
    folder: FolderName,
    page: { readonly before?: number; readonly limit: number },
  ): ReturnType<MetadataStore['quarantined']> {
    return this.#read(folder, (key, { quarantine }) => quarantine.page(key, page));
  }

  /** In steps, so that it holds nobody up. */
  async contentsWith(
    folder: FolderName,
    hashes: readonly string[],
  ): Promise<Map<string, string[]>> {
    return this.inSteps(folder, (key, { contents }) => contents.steps(key, hashes));
  }

  async forgetQuarantined(folder: FolderName, hashes: readonly string[]): Promise<void> {
    return this.#write(folder, (key, { quarantine }) => quarantine.forget(key, hashes));
  }

  async packs(folder: FolderName): Promise<Map<string, number>> {
    return this.#read(folder, (key, { chunks }) => chunks.packs(key));
  }

  async chunksAfter(folder: FolderName, after: string, limit: number): Promise<ChunkPlace[]> {
    return this.#read(folder, (key, { chunks }) => chunks.after(key, after, limit));
  }

  async scrubbing(folder: FolderName): Promise<Scrubbing | undefined> {
    return this.#read(folder, (key, { chunks }) => chunks.scrubbing(key));
  }

  async putScrubbing(folder: FolderName, scrubbing: Scrubbing): Promise<void> {
    return this.#write(folder, (key, { chunks }) => chunks.putScrubbing(key, scrubbing));
  }

  async manifests(folder: FolderName, checksums: readonly string[]): Promise<Manifest[]> {
    return this.#read(folder, (key, { chunks }) => chunks.manifests(key, checksums));
  }

  async manifestsAfter(folder: FolderName, after: string, limit: number): Promise<Manifest[]> {
    return this.#read(folder, (key, { sweeping }) => sweeping.manifestsAfter(key, after, limit));
  }

  async dropUnused(folder: FolderName, unused: Unused): Promise<string[]> {
    return this.#write(folder, (key, { sweeping }) => sweeping.drop(key, unused));
  }

  async forgetUnused(folder: FolderName, now: number): Promise<void> {
    return this.#write(folder, (key, { sweeping }) => sweeping.forget(key, now));
  }

  async condemnPacks(folder: FolderName, condemned: Condemned): Promise<string[]> {
    return this.#write(folder, (key, { sweeping }) => sweeping.condemn(key, condemned));
  }

  async packUse(folder: FolderName): Promise<Map<string, PackUse>> {
    return this.#read(folder, (key, { sweeping }) => sweeping.packUse(key));
  }

  async chunksIn(folder: FolderName, packs: readonly string[]): Promise<ChunkPlace[]> {
    return this.#read(folder, (key, { sweeping }) => sweeping.chunksIn(key, packs));
  }

  async moveChunks(folder: FolderName, moves: readonly Move[]): Promise<void> {
    return this.#write(folder, (key, { sweeping }) => sweeping.move(key, moves));
  }

  async pruneCommits(folder: FolderName, before: number): Promise<number> {
    return this.#write(folder, (key, { sweeping }) => sweeping.pruneCommits(key, before));
  }

  async history(folder: FolderName, query: HistoryQuery): Promise<HistoryRecord[]> {
    return this.#read(folder, (key, { history, nodes }) => {
      const living = query.path === undefined ? undefined : nodes.at(key, query.path);
      return history.find(key, query, living);
    });
  }

  async contested(
    folder: FolderName,
    since: number,
  ): Promise<{ path: string; node: NodeId; clients: string[]; last: number }[]> {
    return this.#read(folder, (key, { history, nodes }) => {
      const found = history.contested(key, since);
      const alive = nodes.byId(
        key,
        found.map(({ node }) => node),
      );
      return found.flatMap((one) => {
        const path = alive.get(one.node)?.kind === 'file' ? nodes.path(key, one.node) : undefined;
        return path === undefined ? [] : [{ path, ...one }];
      });
    });
  }

  async childrenPage(folder: FolderName, parent: NodeId, page: NamesPage): Promise<Found[]> {
    return this.#read(folder, (key, { browsing, nodes }) =>
      nodes.inOrder(key, browsing.children(key, parent, page)),
    );
  }

  async searchNames(folder: FolderName, text: string, limit: number): Promise<Found[]> {
    return this.#read(folder, (key, { browsing, nodes }) =>
      nodes.inOrder(key, browsing.search(key, text, limit)),
    );
  }

  async activity(folder: FolderName, span: ActivitySpan): Promise<ActivityStep[]> {
    return this.inSteps(folder, (key, { activity }) => activity.pieces(key, span));
  }

  async removeClient(folder: FolderName, clientId: string): Promise<boolean> {
    return this.#write(folder, (key, { browsing }) => browsing.forget(key, clientId));
  }

  async putClient(folder: FolderName, client: ClientRecord): Promise<void> {
    return this.#write(folder, (key, { clients }) => clients.put(key, client));
  }

  async client(folder: FolderName, clientId: string): Promise<ClientRecord | undefined> {
    return this.#read(folder, (key, { clients }) => clients.get(key, clientId));
  }

  async clients(folder: FolderName): Promise<ClientRecord[]> {
    return this.#read(folder, (key, { clients }) => clients.all(key));
  }

  async synchronizing(folder: FolderName): Promise<Set<string>> {
    return this.#read(folder, (key, { clients }) => clients.withTokens(key));
  }

  async exchangeToken(
    folder: FolderName,
    clientId: string,
    tokens: { readonly expected: readonly string[] | 'any'; readonly next: string },
  ): Promise<boolean> {
    return this.#write(folder, (key, { clients }) =>
      clients.exchangeToken(key, { clientId, ...tokens }),
    );
  }

  async audit(folder: FolderName, records: readonly AuditRecord[]): Promise<void> {
    return this.#write(folder, (key, { audit }) => audit.add(key, records));
  }

  async auditLog(
    folder: FolderName,
    query: { readonly clientId?: string; readonly limit: number },
  ): Promise<AuditRecord[]> {
    return this.#read(folder, (key, { audit }) => audit.newest(key, query));
  }

  /** In steps, so that it holds nobody up; each step is whole. */
  async pruneAudit(folder: FolderName, before: number): Promise<number> {
    let pruned = 0;
    for (let more = true; more; ) {
      const step = await this.#write(folder, (key, { audit }) =>
        audit.prune(key, before, PRUNED_AT_ONCE),
      );
      pruned += step;
      more = step === PRUNED_AT_ONCE;
    }
    return pruned;
  }

  async counts(folder: FolderName): ReturnType<MetadataStore['counts']> {
    return this.#read(folder, (key, { folders }) => folders.counts(key));
  }

  /** What was asked for before is still done. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.drain();
    this.#connections.reader.close();
    // The last one to close writes the log back into the file.
    this.#connections.writer.close();
  }

  /** Several statements see one state, whatever another process commits between them. */
  #read<T>(folder: FolderName, body: (key: number, tables: Tables) => T): T {
    this.#assertOpen();
    const read = (): T => body(this.#tables.folders.find(folder)?.key ?? NOWHERE, this.#tables);
    return this.#connections.reader.transaction(read)();
  }

  protected override async inSteps<T>(
    folder: FolderName,
    body: (key: number, tables: Tables) => Generator<void, T>,
  ): Promise<T> {
    this.#assertOpen();
    const tables = this.#tables;
    const steps = body(tables.folders.find(folder)?.key ?? NOWHERE, tables);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      await new Promise((resolve) => setImmediate(resolve));
      this.#assertOpen();
    }
  }

  protected override read<T>(folder: FolderName, body: (key: number, tables: Tables) => T): T {
    return this.#read(folder, body);
  }

  protected override write<T>(
    folder: FolderName,
    body: (key: number, tables: Tables) => T,
  ): Promise<T> {
    return this.#write(folder, body);
  }

  #write<T>(folder: FolderName, body: (key: number, tables: Tables) => T): Promise<T> {
    return this.#queue(() => body(this.#own.folders.must(folder).key, this.#own));
  }

  #queue<T>(body: () => T | Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#writer.write(body);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new Error('The metadata store is closed.');
  }
}

const stateOf = ({ epoch, cursor }: FolderState): FolderState => ({ epoch, cursor });
