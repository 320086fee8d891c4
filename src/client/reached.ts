/** How far this client's disk is. */
export interface Reached {
  /** Of the server history that `cursor` counts in. */
  readonly epoch: string;
  /** The disk holds everything up to here, and will after a power loss, */
  readonly cursor: number;
  /** but for so many paths, which are in trouble or wait for a person's word. */
  readonly held: number;
}

export const sameReached = (a: Reached, b: Reached | undefined): boolean =>
  a.epoch === b?.epoch && a.cursor === b.cursor && a.held === b.held;
