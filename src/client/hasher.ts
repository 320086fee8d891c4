/** Names contents by their SHA-256. */
export interface Hasher {
  /** `size`: about so many bytes, for a large content may be hashed elsewhere. */
  open(content: { readonly size: number }): Hashing;
}

/** One content, piece by piece. */
export interface Hashing {
  /**
   * The next bytes; they have to stay what they are until this resolves. Nobody need wait for it before the next push.
   * Rejects with HashingLost, and so does all that follows.
   */
  push(bytes: Uint8Array): Promise<void>;
  /** Lower-case hex, of all that was pushed. Nothing comes after it. */
  end(): Promise<string>;
  /** It is not wanted any more. After `end`, or twice: nothing happens. Pushes that are under way resolve or reject. */
  abandon(): void;
}

/** Whoever hashed it is gone, and nothing is wrong with the content: to be begun again, which goes another way. */
export class HashingLost extends Error {
  constructor(cause: unknown) {
    super('a content was hashed by a thread that ended', { cause });
    this.name = 'HashingLost';
  }
}
