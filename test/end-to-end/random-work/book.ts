import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where contents are at the end. */
interface Found {
  /** At a path, on every machine. */
  readonly atPaths: ReadonlySet<string>;
  /** In our own directories: the trash. */
  readonly inTrash: ReadonlySet<string>;
}

/** Everything that anybody wrote, and what of it somebody who saw it deleted or wrote over. Contents are told by checksum. */
export class Book {
  readonly #written = new Map<string, string>();
  readonly #givenUp = new Set<string>();
  /** Written into a file as it was there: whoever replaces it just then has it in the trash (C10). */
  readonly #inPlace = new Set<string>();
  #count = 0;

  /** Like no other, and no text: nobody merges it. */
  fresh(size: number): Buffer {
    this.#count += 1;
    return Buffer.concat([Buffer.from(`content ${this.#count}\0`), randomBytes(size)]);
  }

  wrote(content: Uint8Array, what: string): void {
    this.#written.set(checksumOf(content), what);
  }

  wroteInPlace(content: Uint8Array, what: string): void {
    this.wrote(content, what);
    this.#inPlace.add(checksumOf(content));
  }

  gaveUp(content: Uint8Array): void {
    this.#givenUp.add(checksumOf(content));
  }

  /** How each content was written that nobody gave up and that is nowhere. */
  lost({ atPaths, inTrash }: Found): string[] {
    const isKept = (checksum: string): boolean =>
      atPaths.has(checksum) || (this.#inPlace.has(checksum) && inTrash.has(checksum));
    return [...this.#written]
      .filter(([checksum]) => !this.#givenUp.has(checksum) && !isKept(checksum))
      .map(([checksum, what]) => `${what} (${checksum.slice(0, 8)})`);
  }

  /** What is at paths and nobody ever wrote: parts, or mixtures. */
  unknown(atPaths: ReadonlySet<string>): string[] {
    return [...atPaths].filter((checksum) => !this.#written.has(checksum));
  }
}

/** The checksums of all files below. */
export function checksumsIn(top: string, isWanted: (path: string) => boolean): Set<string> {
  const files = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Set(files.filter(isWanted).map((path) => checksumOf(readFileSync(path))));
}

const checksumOf = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
