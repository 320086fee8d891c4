import type { Manifest } from '../../../core/chunk.ts';
import type { NodeId, Place, Versioned } from '../../../core/entry.ts';
import { isTurn } from '../../../core/pieces.ts';
import { chainInPieces } from '../../chain.ts';
import { inTurns } from '../../in-turns.ts';
import type {
  ChunkPlace,
  CommitRecord,
  FolderName,
  FolderState,
  HistoryRecord,
  Transaction,
} from '../../ports.ts';
import { lastCursor } from '../cursor.ts';
import type { Folder } from './folders.ts';
import type { Tables } from './tables.ts';

/**
 * Runs a body over the writer's tables; what it was given works no longer than the body runs. Throws
 * when one of the body's writes failed, even if the body went on: half a write is never kept.
 */
export async function runTransaction<T>(
  tables: Tables,
  folder: FolderName,
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const tx = new SqliteTransaction(tables, folder);
  try {
    const value = await body(tx);
    tx.assertWhole();
    return value;
  } finally {
    tx.end();
  }
}

class SqliteTransaction implements Transaction {
  readonly #tables: Tables;
  readonly #name: FolderName;
  readonly #key: number;
  #ended = false;
  #failed: { readonly error: unknown } | undefined;

  constructor(tables: Tables, name: FolderName) {
    this.#tables = tables;
    this.#name = name;
    this.#key = tables.folders.must(name).key;
  }

  end(): void {
    this.#ended = true;
  }

  assertWhole(): void {
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  async folder(): Promise<FolderState> {
    const { epoch, cursor } = this.#folder();
    return { epoch, cursor };
  }

  async nodes(ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return this.#live().nodes.byId(this.#key, ids);
  }

  async named(places: readonly Place[]): Promise<{ place: Place; node: NodeId }[]> {
    return this.#live().nodes.byPlace(this.#key, places);
  }

  async children(parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    return this.#live().nodes.children(this.#key, parents);
  }

  async commitByKey(clientId: string, key: string): Promise<CommitRecord | undefined> {
    return this.#live().clients.commit(this.#key, clientId, key);
  }

  async chain(cursor: number): Promise<string | undefined> {
    return this.#live().folders.chain(this.#key, cursor);
  }

  async missingChunks(hashes: readonly string[]): Promise<string[]> {
    return this.#live().chunks.missing(this.#key, hashes);
  }

  async manifests(checksums: readonly string[]): Promise<Manifest[]> {
    return this.#live().chunks.manifests(this.#key, checksums);
  }

  async addManifests(manifests: readonly Manifest[]): Promise<void> {
    this.#write(({ chunks }) => chunks.addManifests(this.#key, manifests));
  }

  async addChunks(places: readonly ChunkPlace[]): Promise<void> {
    this.#write(({ chunks, quarantine }) => {
      chunks.addPlaces(this.#key, places);
      quarantine.heal(this.#key, places);
    });
  }

  async append(records: readonly HistoryRecord[]): Promise<void> {
    const { cursor } = this.#folder();
    if (lastCursor(cursor, records) === cursor) return;
    await this.#writeInTurns(this.#appendInPieces(cursor, records));
  }

  *#appendInPieces(cursor: number, records: readonly HistoryRecord[]): Generator<void> {
    const { folders, nodes, history, activity } = this.#live();
    const last = cursor + records.length;
    const before = folders.chain(this.#key, cursor);
    if (before === undefined) throw new Error(`The chain has no link at ${cursor}.`);
    let counted = cursor;
    folders.link(this.#key, last, yield* chainInPieces(before, records));
    for (const [at, record] of records.entries()) {
      if (isTurn(at)) {
        activity.add(this.#key, counted);
        counted = record.cursor - 1;
        yield;
      }
      history.add(this.#key, record);
    }
    activity.add(this.#key, counted);
    // The last record of a node holds; all are set together, for nodes may swap places.
    const states = new Map(records.map(({ node, after }) => [node, after]));
    const living = records.filter(({ before }) => before !== undefined).map(({ node }) => node);
    yield* nodes.setInPieces(this.#key, states, living);
    folders.advance(this.#key, last);
  }

  async rememberCommit(clientId: string, commit: CommitRecord, time: number): Promise<void> {
    this.#write(({ clients }) => clients.addCommit(this.#key, { ...commit, clientId, time }));
  }

  #write(body: (tables: Tables) => void): void {
    const tables = this.#live();
    try {
      body(tables);
    } catch (error) {
      this.#failed ??= { error };
      throw error;
    }
  }

  /** Others have their turn in between, but for those who write: they wait for the transaction. */
  async #writeInTurns(work: Generator<void>): Promise<void> {
    try {
      await inTurns(work);
    } catch (error) {
      this.#failed ??= { error };
      throw error;
    }
  }

  #folder(): Folder {
    return this.#live().folders.must(this.#name);
  }

  #live(): Tables {
    if (this.#ended) throw new Error('The transaction has ended.');
    return this.#tables;
  }
}
