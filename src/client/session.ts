import type { Chunk } from '../core/chunk.ts';
import { type Limits, limitsOf } from '../core/danger.ts';
import type { Entry, NodeId } from '../core/entry.ts';
import type { Ignore } from '../core/ignore.ts';
import type { SystemKind } from '../core/representable.ts';
import { Breaker } from './breaker.ts';
import { Dirt } from './dirt.ts';
import type { Hashing } from './hasher.ts';
import type { Welcome } from './introduction.ts';
import type { Merge } from './merge-contents.ts';
import type { Api, ClientState, Clock, Disk, Path, Staged } from './ports.ts';
import { Problems } from './problem.ts';

/** Where a round looks: at these directories, or at all of them. */
export type Where = readonly Path[] | 'everything';

/** What the engine is made of; only `main` and tests name implementations. */
export interface Ports {
  readonly disk: Disk;
  readonly api: Api;
  readonly state: ClientState;
  readonly clock: Clock;
  /** Random, for new nodes and commits. */
  readonly newId: () => string;
}

/** A large content of which some chunks are staged. */
export interface Partial {
  readonly staged: Staged;
  /** Of what is staged. */
  readonly hash: Hashing;
  chunks: number;
}

export interface Settings {
  readonly clientName: string;
  /** The directory as its user knows it; told to the server. */
  readonly syncRoot: string;
  /** Where the server is, as the configuration says: another one under the same directory is asked about. */
  readonly server?: string;
  readonly ignorePatterns: readonly string[];
  /** What names this system can hold. */
  readonly system: SystemKind;
  /** Whether texts that both sides changed are merged; they are unless this is false. */
  readonly textMerge?: boolean;
  /** How much that is new is offered before the rest of it is read; else as usual. */
  readonly much?: { readonly nodes: number; readonly bytes: number };
  /** From how many deletions and overwrites on a person is asked; else as usual. */
  readonly limits?: Limits;
}

/** One thing that happened to one path, for the person who watches. */
export interface Happening {
  readonly direction: 'sent' | 'received';
  readonly operation: 'create' | 'update' | 'delete' | 'move';
  readonly path: string;
  readonly oldPath?: string;
  /** Bytes of the content; 0 where none is concerned. */
  readonly size: number;
}

/** How far a long step is. */
export interface Progress {
  readonly step: 'scan' | 'download' | 'upload';
  readonly files: number;
  readonly filesTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

export interface Listener {
  happened(happening: Happening): void;
  progressed(progress: Progress): void;
  /** A sentence that a person should read once. */
  warned?(text: string): void;
}

/** How far a client is that takes on very much part by part. */
export interface Arriving {
  /** How many times as much as usual it takes on: more and more, while little comes of it. */
  factor: number;
  /** That came before this part. */
  files: number;
  bytes: number;
}

export interface Wanting {
  /** 0: nothing is wanted. */
  told: number;
  /** The number for which everything was given that is here. */
  answered: number;
  /** Not before then. Milliseconds since 1970. */
  again: number;
}

/** What the engine knows while it runs, beyond the state: all of it is found again after a restart. */
export interface Session extends Ports {
  readonly settings: Settings;
  readonly listener: Listener;
  readonly problems: Problems;
  readonly breaker: Breaker;
  /** Nodes of which the last look could tell nothing (rule M8). */
  readonly unknown: Set<NodeId>;
  /** Of them, directories at which another file system was mounted, and is not (rule S18). */
  readonly unmounted: Set<NodeId>;
  /** Where to look again although nobody said so: what was read might have changed in the same tick. */
  readonly lookAgain: Dirt;
  /** Directories that could not be listed when everything was looked at, so that nobody knows what is below them. */
  readonly unlisted: Set<string>;
  /** What to look at now: what was asked for, and what became dirty since. */
  readonly alsoDirty: (where: Where) => Where;
  /** Told when other directories are to be watched than before. */
  readonly ignoreChanged: () => void;
  /** Small chunks that came along with a notice; a bounded cache that saves asking. */
  readonly pushed: Map<string, Chunk>;
  /** Large downloads that were cut off, by checksum: how far their staged files are. */
  readonly partials: Map<string, Partial>;
  /** Large contents that came whole and could not be put in their places yet, by what they are. */
  readonly waiting: Map<string, Staged>;
  /** Paths that were found to be taken, by something that the next look has to find. A copy has another id in each round. */
  readonly inTheWay: Set<string>;
  readonly arriving: Arriving;
  /** What became of contents that both sides changed, as long as there is anything to decide. */
  readonly merges: Map<NodeId, Merge>;
  /** At which cursor a change was refused that might be offered again after a pull. */
  readonly refused: Map<NodeId, number>;
  /** What was offered in a commit whose answer did not come; the next pull tells whether it was taken. */
  readonly unanswered: Map<NodeId, Entry | undefined>;
  /** Makes durable what an earlier process may have left to be lost with the power; undefined: nobody has begun. */
  durable: Promise<void> | undefined;
  ignore: Ignore;
  /** The `.syncignore` that `ignore` was made from. */
  ignoreText: string | undefined;
  /** What the server said of itself; undefined before the first contact, and after the connection broke. */
  welcome: Welcome | undefined;
  /** What rotted on the server, by the number that it tells; see `Api.wanted`. */
  readonly wanted: Wanting;
  /** The server may have changes that the remote tree does not; false saves asking. */
  behind: boolean;
}

export function openSession(ports: Ports, options: SessionOptions): Session {
  return {
    ...ports,
    ...options,
    ignoreText: undefined,
    problems: new Problems(),
    breaker: new Breaker(options.settings.limits ?? limitsOf(['delete', 'overwrite'])),
    unknown: new Set(),
    unmounted: new Set(),
    lookAgain: new Dirt(),
    unlisted: new Set(),
    pushed: new Map(),
    partials: new Map(),
    waiting: new Map(),
    inTheWay: new Set(),
    arriving: { factor: 1, files: 0, bytes: 0 },
    merges: new Map(),
    refused: new Map(),
    unanswered: new Map(),
    durable: undefined,
    wanted: { told: 0, answered: 0, again: 0 },
    welcome: undefined,
    behind: true,
  };
}

export interface SessionOptions {
  readonly settings: Settings;
  readonly listener: Listener;
  readonly ignore: Ignore;
  readonly alsoDirty: (where: Where) => Where;
  readonly ignoreChanged: () => void;
}

/** The disk is not what was expected: this node waits until the directory was looked at again. */
export class Stale extends Error {
  readonly path: Path;
  constructor(path: Path, options?: ErrorOptions) {
    super(`${path.join('/')} is not what it was`, options);
    this.name = 'Stale';
    this.path = path;
  }
}
