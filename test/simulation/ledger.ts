import { checksumOf } from './tree-view.ts';

/** Everything that people ever wrote, and what of it they have given up since. */
export class Ledger {
  /** By checksum: how a content begins. */
  readonly #written = new Map<string, string>();
  readonly #lines = new Set<string>();
  readonly #ends = new Set<string>();
  readonly #newest = new Map<string, string>();
  readonly #given = new Set<string>();
  readonly #unseen = new Set<string>();
  /** Of those, what was deleted only. */
  readonly #removed = new Set<string>();
  /** Of merged texts that somebody gave up: what these were made of went with them. */
  readonly #givenWords = new Set<string>();
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
    if (typeof content === 'string') this.#takeLines(content);
    this.#written.set(checksum, String(content.slice(0, 60)));
  }

  /** In the tick of the write before, and as many bytes: nothing that the system tells shows that somebody wrote. */
  wroteUnseen(content: string | Uint8Array): void {
    this.#unseen.add(checksumOf(content));
  }

  isUnseen(checksum: string): boolean {
    return this.#unseen.has(checksum);
  }

  /** Somebody who saw it, with these lines, deleted it or wrote something else in its place. */
  gaveUp(checksum: string | undefined, text: string): void {
    if (checksum === undefined) return;
    this.#removed.delete(checksum);
    this.#given.add(checksum);
    if (!this.knows(checksum)) for (const line of text.split('\n')) this.#givenWords.add(line);
  }

  /** Somebody who saw it deleted it, with these lines. */
  removed(checksum: string, text: string): void {
    const isOnly = this.#removed.has(checksum) || !this.#given.has(checksum);
    this.gaveUp(checksum, text);
    if (isOnly) this.#removed.add(checksum);
  }

  /** Whoever deleted it wants it back, or somebody else does; what was written in its place stays. */
  tookBack(checksum: string): void {
    if (this.#removed.has(checksum)) this.#given.delete(checksum);
  }

  /** What nobody gave up, by checksum. */
  get kept(): Map<string, string> {
    return new Map([...this.#written].filter(([checksum]) => !this.#isGiven(checksum)));
  }

  #isGiven(checksum: string): boolean {
    const newest = this.#newest.get(checksum);
    return this.#given.has(checksum) || (newest !== undefined && this.#givenWords.has(newest));
  }

  /** Whether it may be a merge: people wrote each of its lines, and one of them the last as the last. */
  knowsLinesOf(content: string): boolean {
    const lines = content.split('\n');
    return lines.every((line) => this.#lines.has(line)) && this.#ends.has(endOf(lines));
  }

  /** The last words that somebody wrote into this content; undefined where it is no text. */
  newestIn(checksum: string): string | undefined {
    return this.#newest.get(checksum);
  }

  #takeLines(content: string): void {
    const lines = content.split('\n');
    const words = lines.filter((line) => /^words \d+$/.test(line));
    const newest = words.toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6))).at(-1);
    if (newest !== undefined) this.#newest.set(checksumOf(content), newest);
    for (const line of lines) this.#lines.add(line);
    this.#ends.add(endOf(lines));
  }

  /** Whether a person wrote exactly this. */
  knows(checksum: string): boolean {
    return this.#written.has(checksum);
  }
}

/** The last line, with what comes after it. */
const endOf = (lines: readonly string[]): string => lines.slice(-2).join('\n');
