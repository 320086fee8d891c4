import type Database from 'better-sqlite3';
import type { MergedInput } from '../../../core/change.ts';
import type { Manifest } from '../../../core/chunk.ts';
import { type Entry, type NodeId, plain, sameEntry, type Versioned } from '../../../core/entry.ts';
import type { Made } from '../../made.ts';
import type { Child, ClientState, Note, Seen } from '../../ports.ts';
import type { Standing } from '../../standing.ts';
import { apply, type Outcome, touched } from '../apply.ts';
import { type Layers, layersOf, sameDifference, sameVersioned } from '../layers.ts';
import { countsOf } from './counts.ts';
import { type Layer, overlayLayer, wholeLayer } from './layer.ts';
import { sound } from './prepare.ts';
import { Reading } from './reading.ts';
import { entryOf, versionedOf } from './row.ts';
import { syncLog } from './sync-log.ts';
import { type Tables, tablesOf } from './tables.ts';

/** Nodes of each tree that are held in memory: a few MiB, and enough for what a round looks at again and again. */
const HELD = 32_768;

/** A ClientState over an open database of our schema; of a large one only a part is ever in memory. */
export class SqliteState implements ClientState {
  readonly synced: Layer<Versioned>;
  readonly local: Layer<Entry>;
  readonly remote: Layer<Versioned>;
  readonly #tables: Tables;
  readonly #counts: () => ReturnType<ClientState['counts']>;
  readonly #record: (notes: readonly Note[]) => void;
  readonly #sync: () => void;
  /** Pages that the database holds. */
  readonly #shrink: () => void;
  readonly #close: () => void;

  constructor(database: Database.Database, release: () => void) {
    // Beside one who only reads there may be one who writes.
    const held = database.readonly ? 0 : HELD;
    const reading = new Reading(database);
    const source = database.readonly ? { database, enter: () => {} } : reading;
    this.synced = wholeLayer(source, 'synced', { decode: versionedOf, held });
    const { synced } = this;
    const plainBase = { get: (id: NodeId) => plainly(synced.get(id)), learn: synced.learn };
    this.local = overlayLayer(source, 'local', {
      decode: entryOf,
      held,
      base: plainBase,
      alsoLoad: (parent) => this.#tables.seen.learnIn(parent),
    });
    this.remote = overlayLayer(source, 'remote', {
      decode: versionedOf,
      held,
      base: synced,
    });
    this.#tables = tablesOf(source, held);
    this.#counts = countsOf(source);
    const record = database.transaction((notes: readonly Note[]) => this.#write(notes)).immediate;
    this.#record = (notes) => {
      reading.leave();
      sound(database.name, () => this.#orForget(() => record(notes)));
    };
    this.#sync = () => {
      if (!database.open) throw new TypeError('The state is closed.');
      syncLog(database.name);
    };
    this.#shrink = () => {
      reading.leave();
      database.pragma('shrink_memory');
    };
    this.#close = () => {
      reading.leave();
      database.close();
      release();
    };
  }

  get standing(): Standing {
    return this.#tables.standing.get();
  }

  changed(): NodeId[] {
    return this.#tables.changed();
  }

  changedCount(): number {
    return this.#tables.changedCount();
  }

  changedThere(most: number): NodeId[] | undefined {
    return this.#tables.changedThere(most);
  }

  seen(node: NodeId): Seen | undefined {
    return this.#tables.seen.get(node);
  }

  childrenSeen(directory: NodeId): Child[] {
    return this.#tables.childrenSeen(directory);
  }

  byInode(inode: string): NodeId | undefined {
    return inode === '' ? undefined : this.#tables.seen.latest(inode);
  }

  manifest(checksum: string): Manifest | undefined {
    return this.#tables.manifests.get(checksum);
  }

  base(node: NodeId): MergedInput | undefined {
    return this.#tables.bases.get(node);
  }

  made(node: NodeId): Made | undefined {
    return this.#tables.made.get(node);
  }

  nodesWith(checksums: ReadonlySet<string>): NodeId[] {
    return this.#tables.nodesWith(checksums);
  }

  allowed(): ReadonlyMap<NodeId, string> {
    return this.#tables.allowed.all();
  }

  counts(): ReturnType<ClientState['counts']> {
    return this.#counts();
  }

  record(notes: readonly Note[]): void {
    if (notes.length > 0) this.#record(notes);
  }

  sync(): void {
    this.#sync();
  }

  letGo(): void {
    this.#forget();
    for (const layer of [this.synced, this.local, this.remote]) layer.forgetListing();
    this.#shrink();
  }

  close(): void {
    this.#close();
  }

  #forget(): void {
    for (const layer of [this.synced, this.local, this.remote]) layer.forget();
    this.#tables.seen.forget();
  }

  /** A transaction that fails leaves nothing, in memory neither. Listings are of what was before. */
  #orForget(step: () => void): void {
    const layers = [this.synced, this.local, this.remote];
    try {
      step();
    } catch (error) {
      this.#forget();
      throw error;
    } finally {
      for (const layer of layers) layer.forgetListing();
    }
  }

  #write(notes: readonly Note[]): void {
    const outcome = apply(notes, this);
    for (const id of touched(outcome)) this.#writeNode(id, outcome);
    for (const [node, seen] of outcome.seen) this.#see(node, seen);
    for (const manifest of outcome.manifests) this.#tables.manifests.put(manifest);
    for (const [node, base] of outcome.bases) this.#tables.bases.set(node, base);
    for (const [node, made] of outcome.made) this.#tables.made.set(node, made);
    for (const [node, what] of outcome.allowed) this.#tables.allowed.set(node, what);
    if (Object.keys(outcome.standing).length === 0) return;
    this.#tables.standing.set({ ...this.standing, ...outcome.standing });
  }

  #writeNode(id: NodeId, { synced, local, remote }: Outcome): void {
    const before = this.#storedLayers(id);
    const after = layersOf({
      synced: synced.touched.has(id) ? synced.get(id) : before.synced,
      local: local.touched.has(id) ? local.get(id) : localIn(before),
      remote: remote.touched.has(id) ? remote.get(id) : remoteIn(before),
    });
    if (!sameVersioned(before.synced, after.synced)) {
      this.synced.store(id, after.synced && { entry: after.synced });
    }
    if (!sameDifference(before.local, after.local, sameEntry)) this.local.store(id, after.local);
    if (!sameDifference(before.remote, after.remote, sameVersioned)) {
      this.remote.store(id, after.remote);
    }
  }

  #storedLayers(id: NodeId): Layers {
    return {
      synced: this.synced.get(id),
      local: this.local.stored(id),
      remote: this.remote.stored(id),
    };
  }

  /** What was seen so and is the latest of its inode already is not written again. */
  #see(node: NodeId, seen: Seen | undefined): void {
    const before = this.#tables.seen.get(node);
    if (seen === undefined) {
      if (before !== undefined) this.#tables.seen.remove(node);
      return;
    }
    const { inode, fingerprint } = seen;
    const same = before?.inode === inode && before.fingerprint === fingerprint;
    if (!same || this.#tables.seen.latest(inode) !== node) this.#tables.seen.put(node, seen);
  }
}

const plainly = (entry: Entry | undefined): Entry | undefined => entry && plain(entry);

const localIn = ({ synced, local }: Layers): Entry | undefined =>
  local === undefined ? plainly(synced) : local.entry;

const remoteIn = ({ synced, remote }: Layers): Versioned | undefined =>
  remote === undefined ? synced : remote.entry;
