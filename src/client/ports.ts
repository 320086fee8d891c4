import type { Change } from '../core/change.ts';
import type { Chunk, ChunkRef, Manifest } from '../core/chunk.ts';
import type { Entry, Kind, NodeId, Versioned } from '../core/entry.ts';
import type { Tree } from '../core/tree.ts';
import type { Answer } from '../protocol/commit.ts';
import type { Point } from '../protocol/point.ts';
import type { RemoteChange } from '../protocol/remote-change.ts';
import type { WantedChunk } from '../protocol/wanted.ts';
import type { Hasher } from './hasher.ts';
import type { Introduced, Welcome } from './introduction.ts';
import type { KnownOrigins, OriginNote } from './made.ts';
import type { Standing } from './standing.ts';
import type { Trashed } from './trashed.ts';

/** The names from the root of the synchronized directory down to something in it; [] is the directory itself. */
export type Path = readonly string[];

// ---------------------------------------------------------------------------------------------
// The disk
// ---------------------------------------------------------------------------------------------

/** What can be told of something on the disk without reading it. */
export interface Look {
  readonly kind: Kind;
  /**
   * Inode and, where the system tells it, birth time, as one string: the same while a thing is moved
   * about, another for another thing. On another device than the synchronized directory's own, that
   * device's number and a `:` stand before it. '' where the system's inodes mean nothing.
   */
  readonly inode: string;
  /**
   * Everything the system tells that changes when the thing changes (inode, size, modification and
   * change time in nanoseconds, mode). Equal fingerprints mean: nobody wrote to it. '' when the look
   * came so soon after a write that a second one could leave the same times (a racy look): never
   * equal to a later one.
   */
  readonly fingerprint: string;
  /** As the fingerprint, of a racy look too: where it differs, somebody did something; where it does not, nobody can tell. */
  readonly shown?: string;
  /** Bytes; 0 for what is not a file. */
  readonly size: number;
  /** Milliseconds since 1970, rounded to an integer. */
  readonly mtime: number;
  readonly executable: boolean;
  /** Of a symlink, as it is on the disk. */
  readonly target?: string;
}

/** One name in a directory. `problem` set: it is there, but what it is cannot be told or synchronized. */
export type Listed =
  | { readonly name: string; readonly look: Look; readonly problem?: undefined }
  | { readonly name: string; readonly look?: undefined; readonly problem: DiskProblem };

/**
 * Why one path cannot proceed.
 * - absent: it, or a directory above it, is not there
 * - exists: something is in the way
 * - changed: it is not what the caller expected; nothing was done
 * - not-empty: a directory still holds something
 * - denied: no permission   - full: no space   - busy: locked by another program
 * - unreadable: an I/O error - unsupported: a socket, a device, a name that is not text, a link that leaves the directory
 * - too-long: the name or the path  - outside: the way leads through a symlink or out of the directory
 */
export type DiskProblem =
  | 'absent'
  | 'exists'
  | 'changed'
  | 'not-empty'
  | 'denied'
  | 'full'
  | 'busy'
  | 'unreadable'
  | 'unsupported'
  | 'too-long'
  | 'outside';

/** What a step on the disk throws. `path` is relative to the synchronized directory. */
export class DiskError extends Error {
  readonly problem: DiskProblem;
  readonly path: Path;
  constructor(problem: DiskProblem, path: Path, options?: ErrorOptions) {
    super(`${path.join('/') || '.'}: ${problem}`, options);
    this.name = 'DiskError';
    this.problem = problem;
    this.path = path;
  }
}

/** Bytes on their way into the directory: outside every user's sight until they are placed. */
export interface Staged {
  /** Appends. Throws DiskError 'full' and the like; the staged file is then of no use but to be discarded. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the file with its times and mode; after it nothing can be written. Twice is an error. */
  finish(meta: { readonly mtime: number; readonly executable: boolean }): Promise<void>;
  /** Removes it. After finish, after a failure, or twice: nothing happens the second time. After it was placed: nothing. */
  discard(): Promise<void>;
}

/** What the marker in the directory says; see `Disk.root`. */
export type RootState =
  | { readonly state: 'bound'; readonly instance: string }
  /** The directory is there, without a marker: it is new, or it was emptied, or another disk is mounted here. */
  | { readonly state: 'unbound' }
  | { readonly state: 'absent' };

/** What differs between the systems that directories live on, as data. */
export interface DiskFeatures {
  /** `a` and `A` are two names. */
  readonly caseSensitive: boolean;
  readonly symlinks: boolean;
  readonly executableBit: boolean;
}

/**
 * The user's directory. Every path is checked name by name, no step follows a symlink, none leaves the
 * directory. A step that names what it `expected` looks again right before it acts, and throws
 * 'changed' having done nothing when the disk holds something else. Steps are not durable before
 * `sync` has returned; in whatever order a crash keeps them, no user's path ever shows a part of a file.
 * Our own things live in `.syncer` in the directory: it is never listed and cannot be addressed.
 */
export interface Disk {
  readonly features: DiskFeatures;
  /** Names what is read here, and what is written. */
  readonly hasher: Hasher;

  /** Is the directory there, and is it the one that the state was made for? */
  root(): Promise<RootState>;
  /** Writes the marker (and creates the directory when it is absent). Repeated: the new instance holds. */
  bind(instance: string): Promise<void>;

  /** The names in a directory, in no order, without `.syncer`. Absent: throws 'absent'; unreadable: 'denied' or 'unreadable'. */
  list(path: Path): Promise<readonly Listed[]>;
  /** Absent (proved): undefined. What cannot be told: throws. */
  look(path: Path): Promise<Look | undefined>;
  /**
   * A file's bytes from `offset`, at most `length` of them, in pieces of at most 1 MiB. Throws 'absent',
   * 'denied', 'unreadable', 'busy', 'unsupported' (not a file). The pieces may be a torn mix when
   * somebody writes meanwhile: the caller looks before and after. `lent`: a piece holds until the next is asked for.
   */
  read(
    path: Path,
    range?: { readonly offset: number; readonly length: number },
    lent?: 'lent',
  ): AsyncIterable<Uint8Array>;

  /** A new empty staged file. */
  stage(): Promise<Staged>;
  /**
   * Puts a finished staged file at `path`. `expected` undefined: nothing may be there (else 'exists',
   * and what is there stays as it is). Otherwise what is there must have that fingerprint (else
   * 'changed') and goes to the trash. The parent must exist (else 'absent'). Answers the new look.
   */
  place(staged: Staged, path: Path, expected: Look | undefined): Promise<Look>;
  /** A directory; 'exists' when anything has the name, a directory too. */
  makeDirectory(path: Path): Promise<Look>;
  /** A symlink; `expected` as in `place`. Refuses targets that leave the directory ('unsupported'). */
  makeSymlink(path: Path, target: string, expected: Look | undefined): Promise<Look>;
  /** Moves a file, link or whole directory; the target name must be free (else 'exists'). Answers the look at the new place. */
  move(from: Path, to: Path, expected: Look): Promise<Look>;
  /** Sets times and executable bit of a file. */
  touch(
    path: Path,
    meta: { readonly mtime: number; readonly executable: boolean },
    expected: Look,
  ): Promise<Look>;
  /** Moves a file or link into the trash. */
  trash(path: Path, expected: Look): Promise<void>;
  /** Removes an empty directory; 'not-empty' otherwise. Absent: 'absent'. */
  removeDirectory(path: Path): Promise<void>;
  /** What lies in the trash, in no order; nothing where there is none. What is no file or symlink is passed over. */
  trashed(): Promise<readonly Trashed[]>;
  /**
   * Gives what lies in the trash the name `to`, which must be free (else 'exists', and it stays where it is). The
   * parent must be there, and the thing too (else 'absent', as when it is done twice); a symlink must not lead out
   * of the directory from there ('unsupported'). Answers the look.
   */
  restore(thing: Pick<Trashed, 'layer' | 'path'>, to: Path): Promise<Look>;

  /** Moves something out of the way, under its node's id, where a crash cannot lose it. */
  lift(path: Path, id: NodeId, expected: Look): Promise<void>;
  /** Puts a lifted thing to a free name ('exists' otherwise). Answers its look. */
  lower(id: NodeId, to: Path): Promise<Look>;
  /** What is lifted now: after a crash, what has to be put back before anything else. */
  lifted(): Promise<readonly NodeId[]>;

  /** Everything done so far survives a power loss once this returns. */
  sync(): Promise<void>;
  /** As `sync`, with what others did here too, as far as the system can be asked for that: an earlier process of ours. */
  syncAll(): Promise<void>;
  /** Removes staged files that a crash left, and trash older or larger than is kept. */
  tidy(now: number): Promise<void>;
}

// ---------------------------------------------------------------------------------------------
// The state
// ---------------------------------------------------------------------------------------------

/** What the disk showed of a node when its local entry was recorded. */
export interface Seen {
  readonly inode: string;
  readonly fingerprint: string;
}

/** One of those that the local tree has in a directory. */
export interface Child {
  readonly node: NodeId;
  readonly name: string;
  readonly kind: Kind;
  /** Undefined where nothing was seen. */
  readonly seen: Seen | undefined;
}

/** One thing to record. All of one `record` call become durable together or not at all. */
export type Note =
  | {
      readonly type: 'local';
      readonly node: NodeId;
      readonly entry: Entry | undefined;
      readonly seen?: Seen;
    }
  | { readonly type: 'remote'; readonly node: NodeId; readonly entry: Versioned | undefined }
  | { readonly type: 'synced'; readonly node: NodeId; readonly entry: Versioned | undefined }
  /** The node found here is the one the server calls `to`: local entry, what was seen, and its children's parent go over to that id. */
  | { readonly type: 'adopt'; readonly node: NodeId; readonly to: NodeId }
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | OriginNote
  /** A person's word that this may be done to the node's content (rule S16); undefined: it is spent. */
  | { readonly type: 'allowed'; readonly node: NodeId; readonly what: string | undefined }
  | {
      readonly type: 'standing';
      readonly standing: Partial<Standing>;
    };

/**
 * What a client remembers: three trees and where it stands; nothing else. Synchronous, because it is
 * a database in the process. Only the synced tree is stored whole; local and remote are stored where
 * they differ from it, so that `changed` costs what changed.
 */
export interface ClientState extends KnownOrigins {
  readonly standing: Standing;
  readonly synced: Tree<Versioned>;
  readonly local: Tree<Entry>;
  readonly remote: Tree<Versioned>;
  /** The nodes on which the three trees do not agree (place, content or existence; remote and synced also by their versions). */
  changed(): NodeId[];
  /** How many that are. */
  changedCount(): number;
  /**
   * At most so many of them, those first on which the remote tree came to differ first, while it alone differs; undefined
   * while the local tree differs from the synced one anywhere.
   */
  changedThere(most: number): NodeId[] | undefined;
  /** Undefined where nothing was seen. */
  seen(node: NodeId): Seen | undefined;
  /** All that the local tree has in a directory, in no order. One question, of which nothing is held in memory. */
  childrenSeen(directory: NodeId): Child[];
  /** The node of the local tree that was last seen with this inode. '' is nobody's. */
  byInode(inode: string): NodeId | undefined;
  /** The chunks of a content that was cut here; undefined when unknown. May forget: then the file is cut again. */
  manifest(checksum: string): Manifest | undefined;
  /** The nodes of the synced tree whose content is one of these. Costs a pass over all of it. */
  nodesWith(checksums: ReadonlySet<string>): NodeId[];
  /** What a person has allowed and has not been done yet, by node. */
  allowed(): ReadonlyMap<NodeId, string>;
  /** Numbers for `status`. */
  counts(): { readonly files: number; readonly directories: number; readonly bytes: number };
  /**
   * Durable in order: a later call never survives an earlier one's loss. A power loss may take the latest ones, unless
   * `sync` was called since. Setting an entry that is there already is nothing.
   */
  record(notes: readonly Note[]): void;
  /** Whatever was recorded before is durable when this returns. */
  sync(): void;
  /** Gives up what is held in memory only to answer sooner. Every answer stays what it was. */
  letGo(): void;
  close(): void;
}

/** What a state is to one who only reads. */
export type StateReading = Omit<ClientState, 'record' | 'sync'>;

// ---------------------------------------------------------------------------------------------
// The server, as a client sees it
// ---------------------------------------------------------------------------------------------

export interface ChangesPage {
  readonly epoch: string;
  readonly changes: readonly RemoteChange[];
  /** Ask again from here. Equal to `until` on the last page. */
  readonly next: number;
  /** The snapshot that the pages belong to. */
  readonly until: number;
  /** The name of the history up to `until`; undefined where no commit ends there. */
  readonly chain: string | undefined;
  /** More than 0: chunks rotted on the server, and `wanted` tells which. It grows when more do. */
  readonly wanted: number;
}

export interface Offer {
  /** The same for every try of the same offer, another for another. */
  readonly key: string;
  /** The furthest point that the changes were made in sight of; where it is none of the server's, `wrong_epoch` is thrown. */
  readonly known?: Point | undefined;
  readonly changes: readonly Change[];
  /** Of contents of several chunks that the server may not know. */
  readonly manifests: readonly Manifest[];
  /** Manifests that the server should know: by these others can be told. */
  readonly bases?: readonly Manifest[];
  /** Small chunks that travel in the same request. */
  readonly chunks: readonly Chunk[];
}

/**
 * What the server could not do for us now or ever. `retry`: later, by itself. Otherwise the round stops and
 * says so (a wrong key, a protocol this server does not speak).
 */
export class ApiFailure extends Error {
  readonly code: string;
  readonly retry: boolean;
  /** Milliseconds the server asked us to wait. */
  readonly after: number | undefined;
  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { retry: boolean; after?: number },
  ) {
    super(message, options);
    this.name = 'ApiFailure';
    this.code = code;
    this.retry = options.retry;
    this.after = options.after;
  }
}

/**
 * The server. Every method may throw ApiFailure; every answer is validated before it gets here, so an
 * answer is whole or it is a failure, never a part (a proxy's page is a failure, an empty list is the server's word).
 * Every method may be repeated: the same question changes nothing twice.
 */
export interface Api {
  /**
   * Says who we are. Throws `cloned` when another client has this id and got a token since `last`; asked
   * again with the same `next`, the answer is the same.
   */
  register(client: Introduced): Promise<Welcome>;
  /**
   * The last state, at `until`, of every node that changed after `since`; `until` undefined: now. Throws
   * `wrong_epoch` where `known` is no point of the server's history: it was put back in time since.
   */
  changes(since: number, until: number | undefined, known?: Point): Promise<ChangesPage>;
  /** Which of these the server lacks. */
  missing(hashes: readonly string[]): Promise<string[]>;
  /**
   * Chunks that rotted on the server and that a content still needs, the newest first. `before`: the `next` of the page
   * before; undefined on the last one.
   */
  wanted(
    before: number | undefined,
  ): Promise<{ readonly wanted: readonly WantedChunk[]; readonly next: number | undefined }>;
  /** Stores chunks (at least one, at most 16 MiB together), which stay as they are until it resolves. They are kept for a day for a commit to use. */
  sendChunks(chunks: readonly Chunk[]): Promise<void>;
  commit(offer: Offer): Promise<Answer>;
  /**
   * Manifests of contents of several chunks; a content the server lacks is not in the answer. `bases`: some that are
   * here, so that little need be told of others that are like them.
   */
  manifests(checksums: readonly string[], bases?: readonly Manifest[]): Promise<Manifest[]>;
  /** The chunks, in any order, each verified unless `how` says otherwise; throws `not_found` after the others when one is not to be had. */
  fetchChunks(chunks: readonly ChunkRef[], how?: Fetching): AsyncIterable<Chunk>;
}

/**
 * 'unverified': whether a chunk is what it should be is for the caller to see, who verifies what they make up together.
 * Its bytes then hold until the next is asked for.
 */
export type Fetching = 'verified' | 'unverified';

/** What the watcher saw. It may miss things and may cry wolf. */
export type Dirt =
  | { readonly type: 'directory'; readonly path: Path }
  /** Events may have been lost: look at everything. */
  | { readonly type: 'everything'; readonly reason: string };

export interface Watcher {
  /** Watches the whole directory; resolves when every directory that is there is watched. */
  run(onDirt: (dirt: Dirt) => void): Promise<void>;
  /** Twice is once; no event comes after it. */
  stop(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. May jump. */
  now(): number;
  /** Resolves after `ms`, or early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
