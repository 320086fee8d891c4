/** What a check found broken. */
export interface Finding {
  readonly about: 'database' | 'tree' | 'history' | 'content' | 'objects';
  /** A sentence that names the thing, and one with the way out. */
  readonly message: string;
  /** The first of the paths that it concerns, from the folder's root, with `/`. */
  readonly paths: readonly string[];
  /** Of all of them. */
  readonly pathCount: number;
}

/** Kept in full; a disk that lost everything must not fill the memory as well. */
const KEPT = 1000;
const PATHS = 10;

export class Findings {
  readonly #kept: Finding[] = [];
  #count = 0;

  /** The first ones. */
  get kept(): readonly Finding[] {
    return this.#kept;
  }

  /** Of all of them. */
  get count(): number {
    return this.#count;
  }

  add(about: Finding['about'], message: string, paths: readonly string[] = []): void {
    this.#count += 1;
    if (this.#kept.length === KEPT) return;
    const { length: pathCount } = paths;
    this.#kept.push({ about, message, paths: paths.slice(0, PATHS), pathCount });
  }

  /** What cannot be read is a finding too, and the rest is still looked at. */
  async attempt(about: Finding['about'], what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.add(
        about,
        `${what} cannot be read to the end: ${reason}. Restore a backup if it stays.`,
      );
    }
  }
}
