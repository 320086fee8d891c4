import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Looks again and again at every file that a user sees: each must hold, byte for byte, what somebody saved. */
export class Vigil {
  readonly found: string[] = [];
  readonly #directories: readonly string[];
  readonly #contents: ReadonlySet<string>;
  readonly #timer: NodeJS.Timeout;

  /** `contents`: hashes of all that was ever saved. */
  constructor(directories: readonly string[], contents: ReadonlySet<string>) {
    this.#directories = directories;
    this.#contents = contents;
    this.#timer = setInterval(() => this.#lookAround(), 25);
  }

  /** Throws when a file was ever seen to hold anything else. */
  look(): void {
    this.#lookAround();
    if (this.found.length > 0) throw new Error(this.found.join('\n'));
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #lookAround(): void {
    for (const directory of this.#directories) this.#lookAt(directory, '');
  }

  #lookAt(top: string, under: string): void {
    for (const entry of orNothing(() => readdirSync(join(top, under), { withFileTypes: true }))) {
      const path = join(under, entry.name);
      if (path === '.syncer') continue;
      if (entry.isDirectory()) this.#lookAt(top, path);
      else if (entry.isFile()) {
        for (const bytes of orNothing(() => [readFileSync(join(top, path))]))
          if (!this.#contents.has(hashOf(bytes)))
            this.found.push(`${join(top, path)} held ${bytes.length} bytes that nobody saved`);
      }
    }
  }
}

/** What was there may be gone by now. */
function orNothing<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
