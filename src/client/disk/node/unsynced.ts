import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
} from 'node:fs';
import { errnoOf } from './disk-error.ts';
import { flush } from './flush.ts';

/** More open files than this are not held for a `sync` to come. */
const MOST_OPEN = 512;

/** What file systems say that have no such thing as a durable directory. */
const NOT_FOR_DIRECTORIES = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * The directories (and files) that changed since the last sync, held open: a directory that is moved
 * or removed meanwhile stays the one whose names have to be durable.
 */
export class Unsynced {
  readonly #root: string;
  readonly #flush: typeof flush;
  #open = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();
  #failed: { readonly reason: unknown } | undefined;

  constructor(root: string, flushAll: typeof flush = flush) {
    this.#root = root;
    this.#flush = flushAll;
  }

  /** Before something in the directory at `at` changes: who cannot make it durable does not begin. */
  add(at: string): void {
    if (this.#open.has(keyOf(lstatSync(`${at}/.`, { bigint: true })))) return;
    this.keep(openSync(`${at}/.`, constants.O_RDONLY | constants.O_DIRECTORY));
  }

  /** Takes over an open file. */
  keep(fd: number): void {
    const key = keyOf(fstatSync(fd, { bigint: true }));
    if (this.#open.has(key)) closeSync(fd);
    else this.#open.set(key, fd);
    if (this.#open.size > MOST_OPEN) this.#syncOldest();
  }

  /** Everything that was added before is durable when this returns, whoever asked for it. */
  async sync(): Promise<void> {
    const mine = this.#last.catch(() => {}).then(() => this.#syncAll());
    this.#last = mine;
    await mine;
  }

  async #syncAll(): Promise<void> {
    const fds = [...this.#open.values()];
    this.#open = new Map();
    const results = await this.#flush(this.#root, fds);
    for (const fd of fds) closeSync(fd);
    for (const result of results) if (result.status === 'rejected') this.#note(result.reason);
    if (this.#failed !== undefined) throw this.#failed.reason;
  }

  #syncOldest(): void {
    for (const [key, fd] of this.#open) {
      this.#open.delete(key);
      try {
        fsyncSync(fd);
      } catch (error) {
        this.#note(error);
      } finally {
        closeSync(fd);
      }
      return;
    }
  }

  /**
   * A system that failed to write forgets that it did: the next sync would succeed without what was
   * lost. So this one has failed for good, until the program starts anew and looks at everything.
   */
  #note(error: unknown): void {
    if (NOT_FOR_DIRECTORIES.has(errnoOf(error) ?? '')) return;
    this.#failed ??= { reason: error };
  }
}

const keyOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;
