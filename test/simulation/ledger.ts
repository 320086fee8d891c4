import { checksumOf } from './tree-view.ts';

/** Everything that people ever wrote, and what of it they have given up since. */
export class Ledger {
  /** By checksum: how a content begins. */
  readonly #written = new Map<string, string>();
  readonly #lines = new Set<string>();
  readonly #given = new Set<string>();
  #last = 0;

  /** Words that nobody has used before. */
  words(): string {
    this.#last += 1;
    return `words ${this.#last}`;
  }

  get count(): number {
    return this.#last;
  }

  wrote(content: string | Uint8Array): void {
    const checksum = checksumOf(content);
    this.#given.delete(checksum);
    if (typeof content === 'string') for (const line of content.split('\n')) this.#lines.add(line);
    this.#written.set(checksum, String(content.slice(0, 60)));
  }

  /** Somebody who saw it deleted it or wrote something else in its place. */
  gaveUp(checksum: string | undefined): void {
    if (checksum !== undefined) this.#given.add(checksum);
  }

  /** What nobody gave up, by checksum. */
  get kept(): Map<string, string> {
    return new Map([...this.#written].filter(([checksum]) => !this.#given.has(checksum)));
  }

  knowsLinesOf(content: string): boolean {
    return content.split('\n').every((line) => this.#lines.has(line));
  }

  /** Whether a person wrote exactly this. */
  knows(checksum: string): boolean {
    return this.#written.has(checksum);
  }
}
