import type { Network } from '../system/network.ts';
import type { Program } from '../system/program.ts';

/** Where a session is held, and between which machines. */
export interface Place {
  /** Empty, and its own. */
  readonly home: string;
  /** On machine A: what is to be synchronized. It may be full already. */
  readonly a: string;
  /** On machine B: empty. */
  readonly b: string;
  readonly network: Network;
  readonly ours: Ours;
}

/** Our own programs. */
export interface Ours {
  /** Where they are installed. */
  readonly bin: string;
  /** More of what Node is told when it runs them. */
  readonly nodeOptions: readonly string[];
}

/** One that brings what A has to B, from its set-up to its end. */
export interface Session {
  /** Of all that ran or runs in it, in the order of their starts. */
  readonly programs: readonly Program[];
  /**
   * A's part begins, where it did not run. Who carries continuously is only started; for others, one
   * run carries all that there is.
   */
  start(): Promise<void>;
  /** A's part ends in good order. */
  stop(): Promise<void>;
  /** Something changed on A. Nothing, for who notices by itself. */
  carry(): Promise<void>;
  /** Bytes of the databases: the server's, and A's. */
  databases?(): { readonly server: number; readonly client: number };
  /** How many changes there have been, for who counts them. */
  changes?(): Promise<number>;
  close(): Promise<void>;
}

export interface Contender {
  readonly name: 'Syncer' | 'rsync' | 'Unison' | 'Syncthing';
  /** Whether it notices changes by itself. */
  readonly isLive: boolean;
  /** Its version; undefined when it is not installed. */
  version(): string | undefined;
  /** Everything is up but A's part. */
  open(place: Place): Promise<Session>;
}
