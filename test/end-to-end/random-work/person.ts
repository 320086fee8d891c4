import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pickFrom } from '../../random.ts';
import type { Book } from './book.ts';

export interface PersonParts {
  readonly name: string;
  readonly top: string;
  readonly book: Book;
  readonly next: () => number;
}

const NAMES = ['a', 'b', 'c', 'd', 'A', 'é', 'x.txt', 'y.bin'];
/** Where there are more files than this, more go than come. */
const MANY = 200;
/** Whole directories go with at most so many files: of more, everybody would be asked (rule S16). */
const MOST_AT_ONCE = 8;

/** What means that another, or the client, was there first: then nothing is done. */
const CAME_TOO_LATE = new Set(['ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EINVAL']);

/** Somebody who works in a real directory, as programs do: in place, and by way of another name. */
export class Person {
  readonly #parts: PersonParts;
  readonly #pick: ReturnType<typeof pickFrom>;
  #files: string[] = [];
  #directories: string[] = [];

  constructor(parts: PersonParts) {
    this.#parts = parts;
    this.#pick = pickFrom(parts.next);
  }

  act(): void {
    try {
      this.#lookAround();
      const deeds = this.#files.length > MANY ? DEEDS_OF_MANY : DEEDS;
      this[this.#pick(deeds)]();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!CAME_TOO_LATE.has(code)) throw error;
    }
  }

  create(): void {
    const path = this.#newPath();
    const content = this.#content();
    const file = openSync(path, 'wx');
    this.#parts.book.wrote(content, this.#told('created', path));
    writeSync(file, content);
    closeSync(file);
  }

  /** Truncated and written anew, the same inode. */
  edit(): void {
    this.#change((file) => {
      const content = this.#content();
      ftruncateSync(file, 0);
      return { content, bytes: content, at: 0 };
    });
  }

  append(): void {
    this.#change((_, before) => {
      const bytes = this.#parts.book.fresh(this.#under(2000));
      return { content: Buffer.concat([before, bytes]), bytes, at: before.length };
    });
  }

  /** As an editor saves: beside it, then in its place. */
  save(): void {
    const path = this.#file();
    // Of these names the first is ignored.
    const beside = `${path}.${this.#under(1e6)}${this.#pick(['.tmp', '~'])}`;
    const content = this.#content();
    writeFileSync(beside, content);
    const before = readFileSync(path);
    this.#parts.book.gaveUp(before);
    this.#parts.book.wrote(content, this.#told('saved', path));
    renameSync(beside, path);
  }

  remove(): void {
    const path = this.#file();
    this.#parts.book.gaveUp(readFileSync(path));
    unlinkSync(path);
  }

  move(): void {
    const [from, to] = [this.#file(), this.#newPath()];
    linkSync(from, to);
    unlinkSync(from);
  }

  moveDirectory(): void {
    const [from, to] = [this.#directory(), this.#newPath()];
    if (!existsSync(to)) renameSync(from, to);
  }

  moveOver(): void {
    const [from, to] = [this.#file(), this.#file()];
    if (from === to) return;
    this.#parts.book.gaveUp(readFileSync(to));
    renameSync(from, to);
  }

  swap(): void {
    const [one, other] = [this.#file(), this.#file()];
    if (one === other) return;
    const aside = `${one}.${this.#under(1e6)}.swap`;
    renameSync(one, aside);
    renameSync(other, one);
    linkSync(aside, other);
    unlinkSync(aside);
  }

  removeDirectory(): void {
    const top = this.#directory();
    const inside = this.#files.filter((path) => path.startsWith(`${top}/`));
    if (inside.length > MOST_AT_ONCE) return;
    for (const path of inside) {
      this.#parts.book.gaveUp(readFileSync(path));
      unlinkSync(path);
    }
    const below = this.#directories.filter((path) => path.startsWith(`${top}/`));
    for (const path of [top, ...below].sort().reverse()) rmdirSync(path);
  }

  makeExecutable(): void {
    chmodSync(this.#file(), this.#pick([0o755, 0o644]));
  }

  touch(): void {
    const time = new Date(Date.now() - this.#under(1e9));
    utimesSync(this.#file(), time, time);
  }

  makeLink(): void {
    symlinkSync(this.#pick(NAMES), this.#newPath());
  }

  makeDirectory(): void {
    mkdirSync(this.#newPath());
  }

  #change(
    how: (file: number, before: Buffer) => { content: Buffer; bytes: Buffer; at: number },
  ): void {
    const path = this.#file();
    const file = openSync(path, 'r+');
    const before = readFileSync(file);
    const { content, bytes, at } = how(file, before);
    this.#parts.book.gaveUp(before);
    this.#parts.book.wroteInPlace(content, this.#told('edited', path));
    writeSync(file, bytes, 0, bytes.length, at);
    closeSync(file);
  }

  #lookAround(): void {
    const { top } = this.#parts;
    const all = readdirSync(top, { recursive: true, withFileTypes: true })
      .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
      .filter(({ path }) => !path.startsWith(join(top, '.syncer')));
    this.#files = all.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
    this.#directories = all.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path);
  }

  #file(): string {
    if (this.#files.length === 0) throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    return this.#pick(this.#files);
  }

  #directory(): string {
    const { top } = this.#parts;
    return this.#directories.length === 0 ? join(top, 'none') : this.#pick(this.#directories);
  }

  /** In a directory that is there, or now and then in a new one. */
  #newPath(): string {
    const { top, next } = this.#parts;
    const directory = next() < 0.3 ? top : this.#pick([top, ...this.#directories]);
    const name = `${this.#pick(NAMES)}${this.#under(4)}`;
    const path = next() < 0.15 ? join(directory, this.#pick(NAMES), name) : join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  #content(): Buffer {
    const one = this.#parts.next();
    // The largest are hashed in a second thread.
    const size = one < 0.003 ? 60_000_000 : one < 0.03 ? 2_000_000 : 6000;
    return this.#parts.book.fresh(this.#under(size));
  }

  #under(end: number): number {
    return Math.floor(this.#parts.next() * end);
  }

  #told(what: string, path: string): string {
    const { name, top } = this.#parts;
    return `${name} ${what} ${path.slice(top.length + 1)}`;
  }
}

type Deed = Exclude<keyof Person, 'act'>;

const OFTEN: readonly Deed[] = ['edit', 'edit', 'save', 'save', 'move', 'move', 'moveDirectory'];
const SELDOM: readonly Deed[] = [
  ...(['append', 'moveOver', 'swap', 'makeDirectory', 'removeDirectory'] as const),
  ...(['makeExecutable', 'touch', 'makeLink'] as const),
];
const DEEDS: readonly Deed[] = [...OFTEN, ...SELDOM, 'create', 'create', 'create', 'remove'];
const DEEDS_OF_MANY: readonly Deed[] = [
  ...OFTEN,
  ...SELDOM,
  'create',
  'remove',
  'remove',
  'remove',
];
