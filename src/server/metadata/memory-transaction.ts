import type { Manifest } from '../../core/chunk.ts';
import type { NodeId, Place, Versioned } from '../../core/entry.ts';
import { MemoryTree, Overlay, type Tree } from '../../core/tree.ts';
import { chainAfter, ORIGIN } from '../chain.ts';
import type {
  AuditRecord,
  ChunkPlace,
  ClientRecord,
  CommitRecord,
  FolderState,
  HistoryRecord,
  Quarantined,
  Scrubbing,
  Transaction,
} from '../ports.ts';
import { lastCursor } from './cursor.ts';

export interface MemoryQuarantined {
  readonly number: number;
  readonly chunk: Quarantined;
  end: 'healed' | 'forgotten' | undefined;
}

/** Everything that is known of one folder. */
export class MemoryFolder {
  epoch: string;
  cursor = 0;
  readonly tree = new MemoryTree<Versioned>();
  /** In the order of cursors. */
  history: HistoryRecord[] = [];
  readonly chunks = new Map<string, ChunkPlace>();
  /** In the order of numbers; those that ended too. */
  readonly quarantine: MemoryQuarantined[] = [];
  readonly manifests = new Map<string, Manifest>();
  readonly commits = new Map<string, CommitRecord>();
  readonly clients = new Map<string, ClientRecord>();
  readonly tokens = new Map<string, string>();
  /** By the last cursor of each commit. */
  readonly chain = new Map([[0, ORIGIN]]);
  /** By the same: how many of their records were removed on purpose. */
  readonly removed = new Map<number, number>();
  /** Of commits, by client and key: when they were answered. */
  readonly answered = new Map<string, number>();
  /** Chunks that nothing needs: since when, and when it was last seen so. */
  readonly unused = new Map<string, { readonly since: number; readonly last: number }>();
  /** Packs that no chunk lies in, and since when. */
  readonly condemned = new Map<string, number>();
  audit: AuditRecord[] = [];
  scrubbing: Scrubbing | undefined;

  constructor(epoch: string) {
    this.epoch = epoch;
  }
}

/** Collects what a body writes, over the folder as it is; `apply` then puts it all in at once. */
export class MemoryTransaction implements Transaction {
  readonly #folder: MemoryFolder;
  readonly #tree: Overlay<Versioned>;
  readonly #records: HistoryRecord[] = [];
  readonly #chunks = new Map<string, ChunkPlace>();
  readonly #manifests = new Map<string, Manifest>();
  readonly #commits = new Map<string, CommitRecord>();
  readonly #answered = new Map<string, number>();
  readonly #chain = new Map<number, string>();
  #cursor: number;
  #ended = false;
  #failed: { readonly error: unknown } | undefined;

  constructor(folder: MemoryFolder) {
    this.#folder = folder;
    this.#tree = new Overlay<Versioned>(folder.tree);
    this.#cursor = folder.cursor;
  }

  end(): void {
    this.#ended = true;
  }

  /** Throws when one of the writes failed, even if the body went on. */
  apply(): void {
    if (this.#failed !== undefined) throw this.#failed.error;
    const { tree, history, chunks, manifests, commits } = this.#folder;
    for (const id of this.#tree.touched) tree.set(id, this.#tree.get(id));
    for (const record of this.#records) history.push(record);
    addNew(chunks, this.#chunks);
    endQuarantine(this.#folder, [...this.#chunks.keys()], 'healed');
    addNew(manifests, this.#manifests);
    addNew(commits, this.#commits);
    addNew(this.#folder.answered, this.#answered);
    for (const [cursor, chain] of this.#chain) this.#folder.chain.set(cursor, chain);
    this.#folder.cursor = this.#cursor;
  }

  async folder(): Promise<FolderState> {
    return { epoch: this.#live().epoch, cursor: this.#cursor };
  }

  async nodes(ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    this.#live();
    return entriesOf(this.#tree, ids);
  }

  async named(places: readonly Place[]): Promise<{ place: Place; node: NodeId }[]> {
    this.#live();
    return namedIn(this.#tree, places);
  }

  async children(parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>> {
    this.#live();
    return childrenIn(this.#tree, parents);
  }

  async commitByKey(clientId: string, key: string): Promise<CommitRecord | undefined> {
    const id = commitId(clientId, key);
    return this.#live().commits.get(id) ?? this.#commits.get(id);
  }

  async chain(cursor: number): Promise<string | undefined> {
    return this.#live().chain.get(cursor) ?? this.#chain.get(cursor);
  }

  async missingChunks(hashes: readonly string[]): Promise<string[]> {
    const { chunks } = this.#live();
    return [...new Set(hashes)].filter((hash) => !chunks.has(hash) && !this.#chunks.has(hash));
  }

  async manifests(checksums: readonly string[]): Promise<Manifest[]> {
    const { manifests } = this.#live();
    return found(checksums, (checksum) => manifests.get(checksum) ?? this.#manifests.get(checksum));
  }

  async addManifests(manifests: readonly Manifest[]): Promise<void> {
    this.#live();
    addNew(
      this.#manifests,
      byKey(manifests, ({ checksum }) => checksum),
    );
  }

  async addChunks(places: readonly ChunkPlace[]): Promise<void> {
    this.#live();
    addNew(
      this.#chunks,
      byKey(places, ({ hash }) => hash),
    );
  }

  async append(records: readonly HistoryRecord[]): Promise<void> {
    this.#live();
    const last = lastCursor(this.#cursor, records);
    for (const { node, after } of records) this.#tree.set(node, after);
    for (const { node } of records) this.#assertAlone(node);
    for (const record of records) this.#records.push(record);
    await this.#link(records, last);
    this.#cursor = last;
  }

  async #link(records: readonly HistoryRecord[], last: number): Promise<void> {
    if (records.length === 0) return;
    const before = await this.chain(this.#cursor);
    if (before === undefined) throw new Error(`The chain has no link at ${this.#cursor}.`);
    this.#chain.set(last, chainAfter(before, records));
  }

  async rememberCommit(clientId: string, commit: CommitRecord, time: number): Promise<void> {
    this.#live();
    addNew(this.#commits, [[commitId(clientId, commit.key), commit]]);
    addNew(this.#answered, [[commitId(clientId, commit.key), time]]);
  }

  #assertAlone(node: NodeId): void {
    const entry = this.#tree.get(node);
    if (entry === undefined || this.#tree.named(entry.parent, entry.name).length === 1) return;
    const error = new Error(`Two nodes would be at one place: ${entry.parent}, ${entry.name}.`);
    this.#failed ??= { error };
    throw error;
  }

  #live(): MemoryFolder {
    if (this.#ended) throw new Error('The transaction has ended.');
    return this.#folder;
  }
}

export function entriesOf(tree: Tree<Versioned>, ids: Iterable<NodeId>): Map<NodeId, Versioned> {
  const entries = new Map<NodeId, Versioned>();
  for (const id of ids) {
    const entry = tree.get(id);
    if (entry !== undefined) entries.set(id, entry);
  }
  return entries;
}

export function namedIn(tree: Tree, places: readonly Place[]): { place: Place; node: NodeId }[] {
  const wanted = byKey(places, ({ parent, name }) => JSON.stringify([parent, name]));
  return [...new Map(wanted).values()].flatMap(({ parent, name }) =>
    tree.named(parent, name).map((node) => ({ place: { parent, name }, node })),
  );
}

export const childrenIn = (
  tree: Tree<Versioned>,
  parents: readonly NodeId[],
): Map<NodeId, Versioned> =>
  entriesOf(
    tree,
    parents.flatMap((parent) => [...tree.children(parent)]),
  );

export function endQuarantine(
  { quarantine }: MemoryFolder,
  hashes: readonly string[],
  end: 'healed' | 'forgotten',
): void {
  const ended = new Set(hashes);
  for (const one of quarantine) if (ended.has(one.chunk.hash)) one.end ??= end;
}

/** What the look-up knows of these, each once. */
export const found = <T>(keys: readonly string[], get: (key: string) => T | undefined): T[] =>
  [...new Set(keys)].flatMap((key) => get(key) ?? []);

/** What is there already stays. */
export function addNew<T>(to: Map<string, T>, entries: Iterable<readonly [string, T]>): void {
  for (const [key, value] of entries) if (!to.has(key)) to.set(key, value);
}

export const byKey = <T>(values: readonly T[], key: (value: T) => string): [string, T][] =>
  values.map((value) => [key(value), value]);

const commitId = (clientId: string, key: string): string => JSON.stringify([clientId, key]);
