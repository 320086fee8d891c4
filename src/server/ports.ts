import type { Applied, MergedInput, Operation } from '../core/change.ts';
import type { Manifest } from '../core/chunk.ts';
import type { NodeId, Place, Versioned } from '../core/entry.ts';
import type { Browsing } from './browsing.ts';
import type { Past } from './past.ts';
import type { Thinned } from './thinned.ts';

// ---------------------------------------------------------------------------------------------
// Metadata
// ---------------------------------------------------------------------------------------------

/** The name of a synchronized tree. There is one, `default`, until more come. */
export type FolderName = string;

export interface FolderState {
  /** Random, made with the folder; another after a restore. */
  readonly epoch: string;
  /** Of the last change. 0: nothing happened yet. */
  readonly cursor: number;
}

/** One line of the history: who did what, when. Append-only. */
export interface HistoryRecord extends Applied {
  readonly operation: Operation;
  /** Where the node was after the change (before it, when it was deleted), from the folder's root, with `/`. */
  readonly path: string;
  /** Where it was before, when it moved. */
  readonly oldPath?: string;
  readonly clientId: string;
  readonly clientName: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
  /** What brought it: `sync`, `upload`, `delete`, … */
  readonly cause: string;
  /** What a merged content was made of, beside the version before. */
  readonly mergedFrom?: readonly MergedInput[];
}

/** The last state of one node, within a snapshot. */
export interface ChangeRecord {
  readonly cursor: number;
  readonly node: NodeId;
  readonly entry: Versioned | undefined;
}

/** Where a chunk's bytes lie. */
export interface ChunkPlace {
  readonly hash: string;
  /** Bytes of the chunk itself. */
  readonly size: number;
  readonly pack: string;
  readonly offset: number;
  /** Bytes in the pack, after encoding. */
  readonly length: number;
  readonly encoding: 'raw' | 'zstd';
}

/** A chunk that was stored once and cannot be read back as it was. Its bytes stay where they are. */
export interface Quarantined extends ChunkPlace {
  /** Milliseconds since 1970. */
  readonly since: number;
  /**
   * Its bytes are others; its pack is gone or too short; or the disk has reported an error for it again and again, and
   * for nothing else.
   */
  readonly reason: 'changed' | 'absent' | 'unreadable';
}

/** How far the reading of every stored chunk has come. */
export interface Scrubbing {
  /** The hash of the last one that was read; '' before the first. */
  readonly after: string;
  /** When the first was due. Milliseconds since 1970. */
  readonly begun: number;
}

export interface ClientRecord {
  readonly clientId: string;
  readonly name: string;
  readonly syncRoot: string;
  /** Milliseconds since 1970. */
  readonly lastSeen: number;
  /** The client has everything up to here. */
  readonly cursor: number;
}

export interface AuditRecord {
  readonly time: number;
  readonly clientId: string | undefined;
  /** `connect`, `disconnect`, `request`, `commit`, `refused`, … */
  readonly action: string;
  /** Method and route, cursors, codes. Never a secret. */
  readonly detail: string;
}

/** The answer once given to a commit, kept so that a repeated question gets it again. */
export interface CommitRecord {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** What a commit may read and write; only valid while its transaction runs. Reads see the transaction's own writes. */
export interface Transaction {
  folder(): Promise<FolderState>;
  /** Living nodes only; those that are not there are not in the answer. */
  nodes(ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>>;
  /** Who is at these places; free places are not in the answer. */
  named(places: readonly Place[]): Promise<{ place: Place; node: NodeId }[]>;
  /** The living children of these directories: all of them. */
  children(parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>>;
  commitByKey(clientId: string, key: string): Promise<CommitRecord | undefined>;
  /** As `MetadataStore.chain`. */
  chain(cursor: number): Promise<string | undefined>;
  /** Which of these chunks are not stored. */
  missingChunks(hashes: readonly string[]): Promise<string[]>;
  /** Manifests of several chunks that are known; the others are not in the answer. */
  manifests(checksums: readonly string[]): Promise<Manifest[]>;
  /** Known already: nothing happens. */
  addManifests(manifests: readonly Manifest[]): Promise<void>;
  /** Known already: the first place stays. One in quarantine is healed by it. */
  addChunks(places: readonly ChunkPlace[]): Promise<void>;
  /**
   * Appends one commit to the history, sets the nodes, and links the commit to the chain. The records'
   * cursors follow the folder's without a gap; the folder's cursor becomes the last of them. Throws for a gap, and when two living nodes would be at one
   * place; a transaction with a failed write leaves nothing, even if its body goes on.
   */
  append(records: readonly HistoryRecord[]): Promise<void>;
  /** Remembered already: the first answer stays. */
  rememberCommit(clientId: string, commit: CommitRecord, time: number): Promise<void>;
}

/** Times are milliseconds since 1970. */
export interface Unused {
  readonly since: number;
  readonly chunks: readonly ChunkPlace[];
  /** By checksum. */
  readonly manifests: readonly string[];
  readonly now: number;
  readonly before: number;
}

export type Condemned = Pick<Unused, 'now' | 'before'> & { readonly packs: readonly string[] };

export interface PackUse {
  readonly chunks: number;
  readonly bytes: number;
}

export interface Move {
  readonly from: ChunkPlace;
  readonly to: ChunkPlace;
}

export interface HistoryQuery {
  /** Every change of the node that is or was at this path, or that was recorded under it. */
  readonly path?: string;
  readonly node?: NodeId;
  readonly clientId?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  /** Only records before this cursor: the next page. */
  readonly before?: number;
  readonly limit: number;
}

/**
 * Everything the server knows but the bytes. Asynchronous; holds no state in the process that another
 * process on the same database would not see. Every method is keyed by folder.
 *
 * Concurrent: transactions of one folder run one after another; reads outside of one see whole
 * transactions only. A body must not wait for another write of the store, which waits for the body.
 * Cancelled: a transaction whose body throws leaves nothing. Late: after `close` everything but `close` throws, and
 * what was begun is finished. Missing: a folder that is not there reads as an empty one; writing to it throws.
 * Durable: what a resolved `transaction` wrote survives a power loss.
 */
export interface MetadataStore extends Browsing, Past, Thinned {
  /** Creates the folder with this epoch when it is not there; else the epoch given is not used. */
  openFolder(folder: FolderName, epoch: string): Promise<FolderState>;
  /** Gives the history another name, as after a restore: what clients agreed on with the old one no longer counts. */
  renewEpoch(folder: FolderName, epoch: string): Promise<void>;
  transaction<T>(folder: FolderName, body: (tx: Transaction) => Promise<T>): Promise<T>;

  /** undefined when there is none. */
  folder(folder: FolderName): Promise<FolderState | undefined>;
  nodes(folder: FolderName, ids: readonly NodeId[]): Promise<Map<NodeId, Versioned>>;
  named(folder: FolderName, places: readonly Place[]): Promise<{ place: Place; node: NodeId }[]>;
  children(folder: FolderName, parents: readonly NodeId[]): Promise<Map<NodeId, Versioned>>;
  /** Every living node, in the order of ids, in pages: those after `after`. */
  allNodes(
    folder: FolderName,
    page: { readonly after: NodeId | undefined; readonly limit: number },
  ): Promise<[NodeId, Versioned][]>;
  /**
   * The last state at `until` of the nodes that changed after `since`, in the order of cursors, at most
   * `limit`. Asked again from the last one's cursor with the same `until`, nothing is left out or told twice,
   * whatever is committed meanwhile. Nodes that were created and deleted within the range may be told as gone.
   */
  changes(
    folder: FolderName,
    range: { readonly since: number; readonly until: number; readonly limit: number },
  ): Promise<ChangeRecord[]>;

  /**
   * The name of the history up to this cursor, which is the last of a commit (or 0); undefined for any
   * other cursor, and for one that the folder has not reached. Pruning the history keeps it.
   */
  chain(folder: FolderName, cursor: number): Promise<string | undefined>;

  missingChunks(folder: FolderName, hashes: readonly string[]): Promise<string[]>;
  /** Those that are stored. */
  chunkPlaces(folder: FolderName, hashes: readonly string[]): Promise<ChunkPlace[]>;
  /** As in a transaction: known already, the first place stays; one in quarantine is healed. */
  addChunks(folder: FolderName, places: readonly ChunkPlace[]): Promise<void>;
  /**
   * Takes chunks out of those that are stored: they are missing from then on, until they are added again. One that
   * lies elsewhere by now, or is not stored, is left alone. Answers the hashes of those that were taken.
   */
  quarantine(folder: FolderName, chunks: readonly Quarantined[]): Promise<string[]>;
  /**
   * Those in quarantine that are not healed, the newest first, each with a number of its own that grows. `before`: only
   * those with lesser numbers, for the next page.
   */
  quarantined(
    folder: FolderName,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<(Quarantined & { readonly number: number })[]>;
  /**
   * For each of these chunks, the checksums of contents that it is a part of and that a living node or the history
   * still names. Chunks of no such content are not in the answer. Looks through everything: ask seldom, and few at once.
   */
  contentsWith(folder: FolderName, hashes: readonly string[]): Promise<Map<string, string[]>>;
  /** Ends the quarantine of chunks that nothing needs any more: they stay missing. Not in it: nothing happens. */
  forgetQuarantined(folder: FolderName, hashes: readonly string[]): Promise<void>;
  /** The packs that stored chunks lie in, each with the bytes that it must have at least. */
  packs(folder: FolderName): Promise<Map<string, number>>;
  /** Stored chunks in the order of hashes, those after `after`; '' for the first ones. */
  chunksAfter(folder: FolderName, after: string, limit: number): Promise<ChunkPlace[]>;
  /** undefined: never begun. */
  scrubbing(folder: FolderName): Promise<Scrubbing | undefined>;
  putScrubbing(folder: FolderName, scrubbing: Scrubbing): Promise<void>;
  manifests(folder: FolderName, checksums: readonly string[]): Promise<Manifest[]>;
  /** In the order of checksums, those after `after`; '' for the first ones. */
  manifestsAfter(folder: FolderName, after: string, limit: number): Promise<Manifest[]>;

  /**
   * What nothing needed when the folder was at cursor `since`. In one transaction with the look whether a later change
   * names it (D17): such a one stays. A manifest goes at once; a chunk is noted, and goes when it was noted first at
   * `before` or earlier, and still lies where it is said. Answers the hashes of the chunks that went.
   */
  dropUnused(folder: FolderName, unused: Unused): Promise<string[]>;
  /** Ends the notes of chunks that were not named to `dropUnused` at `now` or later: something needs them again. */
  forgetUnused(folder: FolderName, now: number): Promise<void>;
  /**
   * These packs are all that no chunk lies in: they are noted, others are no longer, nor those in which one does lie, also
   * in quarantine. Answers those that were noted first at `before` or earlier.
   */
  condemnPacks(folder: FolderName, condemned: Condemned): Promise<string[]>;
  /** Of each pack with stored chunks, how many these are, and their bytes in it. */
  packUse(folder: FolderName): Promise<Map<string, PackUse>>;
  /** The stored chunks that lie in these packs. */
  chunksIn(folder: FolderName, packs: readonly string[]): Promise<ChunkPlace[]>;
  /** Chunks lie elsewhere now; one that lies no longer where it is said stays as it is. */
  moveChunks(folder: FolderName, moves: readonly Move[]): Promise<void>;
  /** Forgets the answers to commits from before then (milliseconds since 1970). Answers how many. */
  pruneCommits(folder: FolderName, before: number): Promise<number>;

  /** Newest first. */
  history(folder: FolderName, query: HistoryQuery): Promise<HistoryRecord[]>;
  /**
   * Living files that more than one client changed at `since` or later, with the clients' ids, both newest first:
   * possible conflicts. `since` and `last` (the last change) are milliseconds since 1970.
   */
  contested(
    folder: FolderName,
    since: number,
  ): Promise<{ path: string; node: NodeId; clients: string[]; last: number }[]>;
  /**
   * Removes records older than `before` (milliseconds since 1970), but never a node's last one from before then: so
   * `changes` tells the same as ever for every `until` since then. Answers how many.
   */
  pruneHistory(folder: FolderName, before: number): Promise<number>;

  /** Same id: the newer record holds. */
  putClient(folder: FolderName, client: ClientRecord): Promise<void>;
  client(folder: FolderName, clientId: string): Promise<ClientRecord | undefined>;
  clients(folder: FolderName): Promise<ClientRecord[]>;
  /**
   * Gives a client the token `next`, when it has none yet, or one of those `expected`; answers whether it
   * was given. Of two that ask at once with the same expectation only the first is.
   */
  exchangeToken(
    folder: FolderName,
    clientId: string,
    tokens: { readonly expected: readonly string[] | 'any'; readonly next: string },
  ): Promise<boolean>;

  audit(folder: FolderName, records: readonly AuditRecord[]): Promise<void>;
  /** Newest first. */
  auditLog(
    folder: FolderName,
    query: { readonly clientId?: string; readonly limit: number },
  ): Promise<AuditRecord[]>;
  pruneAudit(folder: FolderName, before: number): Promise<number>;

  counts(folder: FolderName): Promise<{
    files: number;
    directories: number;
    bytes: number;
    chunks: number;
    storedBytes: number;
    history: number;
    /** Chunks that are in quarantine now, and those that came out of it healed, ever. */
    quarantined: number;
    healed: number;
  }>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------
// Objects
// ---------------------------------------------------------------------------------------------

/** What an object store throws when it cannot do its part. */
export class ObjectFailure extends Error {
  readonly code: 'absent' | 'full' | 'unavailable';
  constructor(code: 'absent' | 'full' | 'unavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectFailure';
    this.code = code;
  }
}

/**
 * Immutable objects by name. Names are made by the server alone: `[0-9a-z-]{1,64}`; others are
 * refused as a programmer's error.
 */
export interface ObjectStore {
  /**
   * Durable and whole when it resolves; not there at all when it throws (`full`, `unavailable`). An object of
   * that name that is there already stays as it is, and the put succeeds.
   */
  put(
    name: string,
    bytes: Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>,
  ): Promise<void>;
  /**
   * Throws `absent` when there is no such object or it is shorter than the range asks. The answer is `into`, or the
   * beginning of it, where that is given and large enough: for a caller that reads much, and keeps nothing of it.
   */
  get(
    name: string,
    range?: { readonly offset: number; readonly length: number },
    into?: Uint8Array,
  ): Promise<Uint8Array>;
  /** Absent already: nothing happens. */
  delete(name: string): Promise<void>;
  /** Every object, in the order of names. */
  list(): AsyncIterable<{ readonly name: string; readonly size: number }>;
}

// ---------------------------------------------------------------------------------------------
// Backups
// ---------------------------------------------------------------------------------------------

/** The metadata as of one moment, outside of the server that it was taken from. */
export interface Snapshot {
  readonly metadata: MetadataStore;
  /** The whole of it. Closes `metadata`. */
  bytes(): AsyncIterable<Uint8Array>;
  /** Twice is once. */
  discard(): Promise<void>;
}

/** Metadata on their way back into a directory that no server uses. */
export interface PutBack {
  readonly metadata: MetadataStore;
  /** Closes `metadata`, and puts it where a server looks for it: durable when it resolves. */
  finish(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------
// Notices and time
// ---------------------------------------------------------------------------------------------

/** "The cursor of this folder grew." Within one process, or between many. May be lost, doubled or late: the listener asks the store. */
export interface Notifier {
  notify(folder: FolderName, cursor: number): void;
  /** Answers how to stop listening; that twice is once. */
  listen(onNotice: (folder: FolderName, cursor: number) => void): () => void;
  stop(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
