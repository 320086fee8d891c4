import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Happening } from './session.ts';

/** A change that went one way or the other. */
export interface RecentChange extends Happening {
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** So much of the log's end is read at first, and at a time. Bytes. */
const READ = 64 * 1024;
/** So many changes are remembered: what came within the time that a rate is told of, and more than are shown. */
const KEPT = 5000;

/** What a client moves, as its log tells while it is written, by whomever. Nothing where there is no log. */
export class RecentChanges {
  readonly #path: string;
  #inode = 0;
  #offset = 0;
  /** The beginning of a line that is not whole yet. */
  #rest = '';
  #changes: RecentChange[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** All that are remembered, oldest first, with those that came since the last look. */
  look(): readonly RecentChange[] {
    const text = this.#rest + this.#more();
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    this.#changes.push(...lines.flatMap((line) => changeIn(line) ?? []));
    this.#changes = this.#changes.slice(-KEPT);
    return this.#changes;
  }

  #more(): string {
    let file: number | undefined;
    try {
      file = openSync(this.#path, 'r');
      const { ino, size } = fstatSync(file);
      // Turned over: what the old file got at its end is not shown.
      if (ino !== this.#inode || size < this.#offset) this.#begin(ino, size);
      const bytes = Buffer.alloc(Math.min(size - this.#offset, 16 * READ));
      const read = readSync(file, bytes, 0, bytes.length, this.#offset);
      this.#offset += read;
      return bytes.toString('utf8', 0, read);
    } catch {
      return '';
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  #begin(inode: number, size: number): void {
    this.#offset = this.#inode === 0 ? Math.max(0, size - READ) : 0;
    this.#inode = inode;
    this.#rest = '';
  }
}

/** Undefined for what is no whole line, or tells of something else. */
function changeIn(line: string): RecentChange | undefined {
  try {
    const { event, time, direction, operation, path, oldPath, size } = JSON.parse(line);
    if (event !== 'changed' || typeof path !== 'string') return undefined;
    const happening = { direction, operation, path, size, time: Date.parse(time) };
    return typeof oldPath === 'string' ? { ...happening, oldPath } : happening;
  } catch {
    return undefined;
  }
}
