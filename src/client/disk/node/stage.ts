import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  openSync,
  rmSync,
  write as writeFile,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import type { Path, Staged } from '../../ports.ts';
import { type Facts, FURTHEST, withExecutable } from '../facts.ts';
import { diskError } from './disk-error.ts';
import type { GroupFlush } from './flush.ts';
import type { Inside } from './inside.ts';
import { factsOf } from './look.ts';
import { QUICK } from './read.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const writeAt = promisify(writeFile);

export const STAGING = 'staging';

/** The path that a staged file's problems are told with: it has no other yet. */
const NOWHERE: Path = [INTERNAL_DIRECTORY, STAGING];

/** Random once, then counted: to ask for randomness for each name costs as much as to open the file. */
const ours = randomBytes(12).toString('hex');
let count = 0;

/** A name in staging that no other process ever takes. */
export function newName(): string {
  count += 1;
  return `${ours}-${count.toString(36)}`;
}

export function stage(inside: Inside, flush: GroupFlush): StagedFile {
  const name = newName();
  const fd = inside.withOurs([STAGING], (at) =>
    openSync(`${at}/${name}`, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600),
  );
  inside.staged.add(name);
  return new StagedFile({ inside, flush, name, fd });
}

/** The name of a file of ours, in staging, until it is placed. */
export class StagedFile implements Staged {
  readonly name: string;
  readonly #inside: Inside;
  readonly #flush: GroupFlush;
  #fd: number | undefined;
  #size = 0;
  #facts: Facts | undefined;
  #failed = false;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(from: { inside: Inside; flush: GroupFlush; name: string; fd: number }) {
    this.#inside = from.inside;
    this.#flush = from.flush;
    this.name = from.name;
    this.#fd = from.fd;
  }

  /** What was known of it when it was finished. */
  get facts(): Facts {
    if (this.#facts === undefined) throw new Error('A staged file is placed after it is finished');
    return this.#facts;
  }

  write(bytes: Uint8Array): Promise<void> {
    const fd = this.#open();
    const at = this.#size;
    this.#size += bytes.length;
    return this.#step(() => writeAll(fd, bytes, at));
  }

  finish(meta: { readonly mtime: number; readonly executable: boolean }): Promise<void> {
    const fd = this.#open();
    this.#fd = undefined;
    const writes = this.#busy;
    return this.#step(() => writes.then(() => this.#finish(fd, meta)).finally(() => closeSync(fd)));
  }

  async discard(): Promise<void> {
    await this.#busy.catch(() => {});
    const fd = this.#fd;
    this.#fd = undefined;
    this.#failed = true;
    if (fd !== undefined) closeSync(fd);
    if (!this.#inside.staged.delete(this.name)) return;
    const remove = (at: string) => rmSync(`${at}/${this.name}`, { force: true });
    if (this.#inside.isBound()) this.#inside.withOurs([STAGING], remove);
  }

  /** It has a place now; nothing is left to discard. */
  placed(): void {
    this.#inside.staged.delete(this.name);
    this.#facts = undefined;
  }

  /** Durable before it has a name: otherwise a crash could leave the name with a part of the bytes. */
  async #finish(fd: number, { mtime, executable }: { mtime: number; executable: boolean }) {
    if (this.#failed) throw new Error('A staged file that failed is to be discarded');
    fchmodSync(fd, withExecutable(0o666 & ~process.umask(), executable));
    futimesSync(fd, new Date(this.#inside.now()), dateOf(mtime));
    await this.#flush.settle(fd);
    const place = { spot: '', path: NOWHERE };
    this.#facts = factsOf(this.#inside, fstatSync(fd, { bigint: true }), place);
  }

  #open(): number {
    if (this.#fd === undefined) throw new Error('A staged file was finished or discarded before');
    return this.#fd;
  }

  async #step(step: () => Promise<void>): Promise<void> {
    const before = this.#busy;
    const mine = step();
    this.#busy = Promise.allSettled([before, mine]);
    try {
      await mine;
    } catch (error) {
      this.#failed = true;
      throw diskError(error, NOWHERE);
    }
  }
}

/** As a Date, because Node takes a negative number for now; no time there is is further away. */
export function dateOf(mtime: number): Date {
  return new Date(Math.min(Math.max(mtime, -FURTHEST), FURTHEST));
}

/** Bytes of one call: what is larger takes twice the time, as it no longer lies in the processor's cache. */
const PIECE = 1024 * 1024;

async function writeAll(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(PIECE, bytes.length - done);
    if (length <= QUICK) done += writeSync(fd, bytes, done, length, position + done);
    else done += (await writeAt(fd, bytes, done, length, position + done)).bytesWritten;
  }
}
