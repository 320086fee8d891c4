import type { Point } from '../protocol/point.ts';

/** What a client says of itself, once for every connection. */
export interface Introduced {
  readonly clientId: string;
  readonly name: string;
  readonly syncRoot: string;
  readonly cursor: number;
  /** The furthest point that we have seen anything of. */
  readonly known?: Point | undefined;
  /** The token we got last, and a fresh one; see rule S20. */
  readonly identity?: { readonly last: string | undefined; readonly next: string };
}

/** What the server answers to that. */
export interface Welcome {
  readonly epoch: string;
  readonly cursor: number;
  /** Whether what the client knows is a point of this history. */
  readonly knows: boolean;
  readonly maxFileSize: number;
  readonly allowedExtensions: readonly string[] | undefined;
}
