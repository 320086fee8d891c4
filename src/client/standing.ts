import type { Point } from '../protocol/point.ts';

/** Where the client stands with the server. */
export interface Standing {
  /** Random, made with the state, and again when a copy of this client has it too. Names this client to the server. */
  readonly clientId: string;
  /** Random, made with the state, and again for each directory that it is bound to; its marker bears it too. */
  readonly instance: string;
  /** Of the server history that `cursor` counts in; undefined before the first contact. */
  readonly epoch: string | undefined;
  /** The remote tree is the server's as of this cursor, when `pulling` is undefined. */
  readonly cursor: number;
  /** Set while pages are still to come: the remote tree is between two cursors and must not be merged. */
  readonly pulling: { readonly until: number } | undefined;
  /** The furthest point that anything in the trees is from: further than `cursor` between a commit and the next pull. */
  readonly known: Point | undefined;
  /** Where the server was that this is about, as the configuration named it; undefined: nobody said. */
  readonly server: string | undefined;
  /** What the server welcomed this client with last; undefined before the first time. */
  readonly token: string | undefined;
  /** What it introduces itself with next: recorded before it is sent, so that a lost answer makes no stranger of it. */
  readonly nextToken: string | undefined;
}
