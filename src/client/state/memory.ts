import type { MergedInput } from '../../core/change.ts';
import type { Manifest } from '../../core/chunk.ts';
import { type Entry, type NodeId, sameEntry, type Versioned } from '../../core/entry.ts';
import { MemoryTree, type Tree } from '../../core/tree.ts';
import type { Made } from '../made.ts';
import type { Child, ClientState, Note, Seen } from '../ports.ts';
import type { Standing } from '../standing.ts';
import { apply, type Outcome, touched } from './apply.ts';
import { StateLocked } from './failures.ts';
import { layersOf } from './layers.ts';

/** A look into the state, or a `record`: before it, and when it is stored but not yet answered; or that all is made durable. */
export type StateCall = 'read' | 'record' | 'recorded' | 'sync';

export interface MemoryStateOptions {
  readonly newId: () => string;
  /** Asked at every call; what it throws is what the database threw. */
  readonly fault?: (call: StateCall) => void;
}

/** What a state file is to the other implementation: it outlives the one who has it open. */
export class MemoryStateFile {
  readonly #stored: Stored;
  readonly #fault: (call: StateCall) => void;
  #open: MemoryState | undefined;

  constructor({ newId, fault = () => undefined }: MemoryStateOptions) {
    this.#stored = new Stored(newId);
    this.#fault = fault;
  }

  /** Throws StateLocked while it is open. */
  open(): ClientState {
    if (this.#open?.closed === false) throw new StateLocked('in memory');
    this.#open = new MemoryState(this.#stored, this.#fault);
    return this.#open;
  }

  /** See `Standing`. */
  get instance(): string {
    return this.#stored.standing.instance;
  }

  /** Another file with what is in this one now, as a copy made by a backup, or before a power loss. */
  copy({ newId, fault }: MemoryStateOptions): MemoryStateFile {
    const copy = new MemoryStateFile({ newId, ...(fault !== undefined && { fault }) });
    copy.#stored.takeAll(this.#stored);
    return copy;
  }

  /**
   * Ends the one who has it open, as a kill would: what was recorded stays, nothing comes after it.
   */
  crash(): void {
    this.#open?.close();
  }
}

export const memoryState = (options: MemoryStateOptions): ClientState =>
  new MemoryStateFile(options).open();

/** Every tree whole, and the nodes on which they differ beside them. */
class Stored {
  readonly synced = new MemoryTree<Versioned>();
  readonly local = new MemoryTree<Entry>();
  readonly remote = new MemoryTree<Versioned>();
  readonly changed = new Set<NodeId>();
  /** The latest last. */
  readonly seen = new Map<NodeId, Seen>();
  /** Of each inode the nodes that were seen with it, the latest last. */
  readonly inodes = new Map<string, Set<NodeId>>();
  readonly manifests = new Map<string, Manifest>();
  readonly bases = new Map<NodeId, MergedInput>();
  readonly made = new Map<NodeId, Made>();
  readonly allowed = new Map<NodeId, string>();
  standing: Standing;

  constructor(newId: () => string) {
    const [clientId, instance] = [newId(), newId()];
    this.standing = { clientId, instance, ...UNKNOWN };
  }

  take(outcome: Outcome): void {
    for (const id of touched(outcome)) this.#takeNode(id, outcome);
    for (const [id, seen] of outcome.seen) this.#see(id, seen);
    for (const manifest of outcome.manifests) this.manifests.set(manifest.checksum, manifest);
    for (const [id, base] of outcome.bases) {
      if (base === undefined) this.bases.delete(id);
      else this.bases.set(id, base);
    }
    for (const [id, made] of outcome.made) {
      if (made === undefined) this.made.delete(id);
      else this.made.set(id, made);
    }
    for (const [id, what] of outcome.allowed) {
      if (what === undefined) this.allowed.delete(id);
      else this.allowed.set(id, what);
    }
    this.standing = { ...this.standing, ...outcome.standing };
  }

  takeAll(other: Stored): void {
    for (const [tree, from] of [
      [this.synced, other.synced],
      [this.remote, other.remote],
    ] as const)
      for (const [id, entry] of from.entries()) tree.set(id, entry);
    for (const [id, entry] of other.local.entries()) this.local.set(id, entry);
    for (const id of other.changed) this.changed.add(id);
    for (const [id, seen] of other.seen) this.#see(id, seen);
    for (const [checksum, manifest] of other.manifests) this.manifests.set(checksum, manifest);
    for (const [id, what] of other.allowed) this.allowed.set(id, what);
    this.standing = other.standing;
  }

  #takeNode(id: NodeId, { synced, local, remote }: Outcome): void {
    const values = { synced: synced.get(id), local: local.get(id), remote: remote.get(id) };
    if (synced.touched.has(id)) this.synced.set(id, values.synced);
    if (local.touched.has(id)) this.local.set(id, values.local);
    if (remote.touched.has(id)) this.remote.set(id, values.remote);
    const layers = layersOf(values);
    if (layers.local === undefined && layers.remote === undefined) this.changed.delete(id);
    else this.changed.add(id);
  }

  #see(id: NodeId, seen: Seen | undefined): void {
    const before = this.seen.get(id);
    if (before !== undefined) this.inodes.get(before.inode)?.delete(id);
    this.seen.delete(id);
    if (seen === undefined) return;
    this.seen.set(id, seen);
    const nodes = this.inodes.get(seen.inode) ?? new Set();
    this.inodes.set(seen.inode, nodes.add(id));
  }
}

/** Of a server that was never met. */
const UNKNOWN: Omit<Standing, 'clientId' | 'instance'> = {
  epoch: undefined,
  cursor: 0,
  pulling: undefined,
  known: undefined,
  server: undefined,
  token: undefined,
  nextToken: undefined,
};

class MemoryState implements ClientState {
  readonly synced: Tree<Versioned>;
  readonly local: Tree<Entry>;
  readonly remote: Tree<Versioned>;
  readonly #stored: Stored;
  readonly #fault: (call: StateCall) => void;
  #closed = false;
  #recording = false;

  constructor(stored: Stored, fault: (call: StateCall) => void) {
    this.#stored = stored;
    this.#fault = fault;
    const used = (): Stored => this.#used();
    this.synced = view(() => used().synced);
    this.local = view(() => used().local);
    this.remote = view(() => used().remote);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get standing(): Standing {
    return this.#used().standing;
  }

  changed(): NodeId[] {
    return [...this.#used().changed];
  }

  changedCount(): number {
    return this.#used().changed.size;
  }

  changedThere(most: number): NodeId[] | undefined {
    const { changed, local, synced } = this.#used();
    const isHere = (id: NodeId): boolean => !sameEntry(local.get(id), synced.get(id));
    return [...changed].some(isHere) ? undefined : [...changed].slice(0, most);
  }

  seen(node: NodeId): Seen | undefined {
    return this.#used().seen.get(node);
  }

  childrenSeen(directory: NodeId): Child[] {
    const { local, seen } = this.#used();
    return [...local.children(directory)].flatMap((node) => {
      const entry = local.get(node);
      return entry ? [{ node, name: entry.name, kind: entry.kind, seen: seen.get(node) }] : [];
    });
  }

  byInode(inode: string): NodeId | undefined {
    return inode === '' ? undefined : [...(this.#used().inodes.get(inode) ?? [])].at(-1);
  }

  manifest(checksum: string): Manifest | undefined {
    return this.#used().manifests.get(checksum);
  }

  base(node: NodeId): MergedInput | undefined {
    return this.#used().bases.get(node);
  }

  made(node: NodeId): Made | undefined {
    return this.#used().made.get(node);
  }

  nodesWith(checksums: ReadonlySet<string>): NodeId[] {
    return [...this.#used().synced.entries()]
      .filter(([, entry]) => entry.kind === 'file' && checksums.has(entry.checksum))
      .map(([id]) => id);
  }

  allowed(): ReadonlyMap<NodeId, string> {
    return new Map(this.#used().allowed);
  }

  counts(): ReturnType<ClientState['counts']> {
    const entries = [...this.#used().local.entries()].map(([, entry]) => entry);
    const files = entries.filter((entry) => entry.kind === 'file');
    const directories = entries.filter((entry) => entry.kind === 'directory').length;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    return { files: files.length, directories, bytes };
  }

  record(notes: readonly Note[]): void {
    const stored = this.#used('record');
    // What it looks up on the way is a part of it: all of one call become durable or nothing.
    this.#recording = true;
    try {
      stored.take(apply(notes, this));
    } finally {
      this.#recording = false;
    }
    this.#fault('recorded');
  }

  /** It outlives who has it open: what a power loss takes is up to who asked to be told. */
  sync(): void {
    this.#used('sync');
  }

  /** All of it is in memory, and nowhere else. */
  letGo(): void {
    if (this.#closed) throw new TypeError('The state is closed.');
  }

  close(): void {
    this.#closed = true;
  }

  #used(call: StateCall = 'read'): Stored {
    if (this.#closed) throw new TypeError('The state is closed.');
    if (!this.#recording) this.#fault(call);
    return this.#stored;
  }
}

/** Children come as they are at the call, whatever is recorded while they are walked. */
const view = <E extends Entry>(tree: () => MemoryTree<E>): Tree<E> => ({
  get: (id) => tree().get(id),
  find: (parent, name) => tree().find(parent, name),
  named: (parent, name) => tree().named(parent, name),
  children: (parent) => [...tree().children(parent)],
});
