import { bytesOf } from '../../src/client/disk/memory/inode.ts';
import { type MemoryUser, memoryUser } from '../../src/client/disk/memory/memory-user.ts';
import { fold, unrepresentable } from '../../src/core/representable.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { Feature, PersonDeed } from './features.ts';
import type { Ledger } from './ledger.ts';
import type { Scheduler } from './scheduler.ts';
import {
  checksumOf,
  directoriesTo,
  inodeAt,
  shownOf,
  type Tree,
  visibleTree,
  whatIs,
} from './tree-view.ts';

export interface PersonParts {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly features: ReadonlySet<Feature>;
  readonly scheduler: Scheduler;
  readonly isQuiet: () => boolean;
}

const PLAIN = ['a', 'b', 'c', 'd', 'e.txt'];
const TWINS = ['A', 'B', 'C', 'é', 'É', 'straße', 'STRASSE', 'E.TXT'];
const ODD = [
  'con',
  'aux.txt',
  'x:y',
  'dot.',
  'space ',
  'PROGRA~1',
  '日本',
  '👩‍👧',
  '-rf',
  'e\u0301',
];
const LONG = ['n'.repeat(250), 'ü'.repeat(120), `${'long '.repeat(40)}end`];
const MOST_LINES = 6;
/** Bytes. What is larger is no text, and nobody edits its lines. */
const MOST_TEXT = 16 * 1024;

/** Somebody at one machine, who works in the directory as any program may. */
export class Person {
  readonly #parts: PersonParts;
  readonly #user: MemoryUser;
  #dice: Dice;

  constructor(parts: PersonParts, dice: Dice) {
    this.#parts = parts;
    this.#dice = dice;
    this.#user = memoryUser(parts.client.volume);
  }

  /** Does it, if it makes sense as things are; answers whether anything was done. */
  act(deed: PersonDeed): boolean {
    // What is done on an empty mount point goes with it.
    if (this.#parts.client.isAway) return false;
    return DEEDS[deed](this);
  }

  get tree(): Tree {
    return visibleTree(this.#parts.client.volume);
  }

  get dice(): Dice {
    return this.#dice;
  }

  #name(): string {
    const { features, client } = this.#parts;
    const names = [
      ...PLAIN,
      ...(features.has('twins') ? TWINS : []),
      ...(features.has('odd names') ? ODD : []),
      ...(features.has('long names') ? LONG : []),
    ];
    const name = this.#dice.pick(names);
    const { system } = client.parts.machine;
    // Such a name would be in the way of its twin in NFC for ever; where there are no twins it is only reported.
    if (!client.volume.caseSensitive && name.normalize('NFC') !== name) return 'b';
    return unrepresentable(name, { kind: system }) === undefined ? name : 'a';
  }

  /** A path that may or may not be there. */
  path(): string {
    const { features } = this.#parts;
    const isDeep = features.has('long names') && this.#dice.chance(0.1);
    const depth = isDeep ? 12 : 1 + this.#dice.under(3);
    return Array.from({ length: depth }, () => this.#name()).join('/');
  }

  /** Something that is there; mostly of this sort. */
  there(isIt: (what: string) => boolean = () => true): string | undefined {
    const paths = [...this.tree].filter(([, what]) => isIt(what)).map(([path]) => path);
    return paths.length === 0 ? undefined : this.#dice.pick(paths);
  }

  text(): string {
    const { ledger, features } = this.#parts;
    if (!features.has('lines')) return ledger.words();
    const lines = Array.from({ length: 2 + this.#dice.under(MOST_LINES) }, () => ledger.words());
    return [...lines, 'end', ''].join('\n');
  }

  words(): string {
    return this.#parts.ledger.words();
  }

  /** Nothing where no text of a usual size is. */
  read(path: string): string {
    const bytes = this.bytes(path);
    return bytes.length > MOST_TEXT ? '' : bytes.toString();
  }

  bytes(path: string): Buffer {
    const inode = inodeAt(this.#parts.client.volume, path);
    return inode?.kind === 'file' ? bytesOf(inode) : Buffer.alloc(0);
  }

  /** Into the file that is there, or a new one. */
  write(path: string, content: string | Uint8Array): boolean {
    const before = this.#whatIsAt(path);
    if (before === 'dir' || !this.#leadsThere(path)) return false;
    if (before?.startsWith('-> ')) this.#user.remove(path);
    // The same bytes again are nothing new: what somebody made of them meanwhile is.
    if (before !== checksumOf(content)) {
      this.#parts.ledger.gaveUp(before, this.read(path));
      this.#parts.ledger.wrote(content);
    }
    const shown = this.#shownAt(path);
    this.#user.write(path, content);
    if (shown === this.#shownAt(path)) this.#parts.ledger.wroteUnseen(content);
    this.#did('writes', path);
    return true;
  }

  /** Undefined where there is no file. */
  #shownAt(path: string): string | undefined {
    const inode = inodeAt(this.#parts.client.volume, path);
    return inode?.kind === 'file' ? shownOf(inode) : undefined;
  }

  /** Through a file beside it, which then takes its name. */
  save(path: string, content: string): boolean {
    const beside = `${path}.tmp`;
    if (this.#whatIsAt(path) === 'dir' || this.#whatIsAt(beside) !== undefined) return false;
    if (!this.write(beside, content)) return false;
    return this.rename(beside, path);
  }

  setTime(path: string, mtime: number): void {
    this.#user.setTime(path, mtime);
  }

  mtimeOf(path: string): number {
    const inode = inodeAt(this.#parts.client.volume, path);
    return Number((inode?.mtimeNs ?? 0n) / 1_000_000n);
  }

  /** What has all its times from before, nobody can tell from what it was: see docs/decisions/0003-racy-looks.md. */
  isInTick(path: string): boolean {
    const { client } = this.#parts;
    const { tick } = client.parts.machine;
    const inode = inodeAt(client.volume, path);
    return Number(inode?.ctimeNs ?? 0n) / 1e6 > client.now() - tick;
  }

  remove(path: string): boolean {
    for (const [at, what] of this.tree)
      if (at === path || at.startsWith(`${path}/`)) this.#parts.ledger.removed(what, this.read(at));
    this.#user.remove(path);
    this.#did('removes', path);
    return true;
  }

  /** Over a file, but not over a directory. */
  rename(from: string, to: string): boolean {
    const over = this.#whatIsAt(to);
    const isSame = this.#isSameThing(from, to);
    if (from === to || this.#isBelow(to, from) || !this.#leadsThere(to)) return false;
    if (over !== undefined && !isSame && (over === 'dir' || this.#whatIsAt(from) === 'dir'))
      return false;
    if (!isSame) this.#parts.ledger.gaveUp(over, this.read(to));
    this.#user.rename(from, to);
    this.#did('moves', from, to);
    return true;
  }

  makeDirectory(path: string): boolean {
    if (this.#whatIsAt(path) !== undefined || !this.#leadsThere(path)) return false;
    this.#user.makeDirectory(path);
    this.#did('makes', path);
    return true;
  }

  link(path: string, target: string): boolean {
    if (!this.#parts.client.parts.machine.symlinks) return false;
    if (this.#whatIsAt(path) !== undefined || !this.#leadsThere(path)) return false;
    this.#user.symlink(path, target);
    this.#did('links', path);
    return true;
  }

  /** After a while, if nothing has happened to it. */
  later(ms: number, act: () => void): void {
    this.#parts.scheduler.in(ms, () => {
      if (!this.#parts.client.isAway && !this.#parts.isQuiet()) act();
    });
  }

  #whatIsAt(path: string): string | undefined {
    const inode = inodeAt(this.#parts.client.volume, path);
    return inode && whatIs(inode);
  }

  #isBelow(path: string, top: string): boolean {
    const { caseSensitive } = this.#parts.client.volume;
    const key = (one: string): string => `${caseSensitive ? one : fold(one)}/`;
    return path.length > top.length && key(path).startsWith(key(top));
  }

  #isSameThing(a: string, b: string): boolean {
    const { volume } = this.#parts.client;
    return inodeAt(volume, a) === inodeAt(volume, b);
  }

  /** Only directories are on the way to it, or nothing. */
  #leadsThere(path: string): boolean {
    const names = path.split('/');
    return names.slice(1).every((_, at) => {
      const what = this.#whatIsAt(names.slice(0, at + 1).join('/'));
      return what === undefined || what === 'dir';
    });
  }

  #did(what: string, ...paths: readonly string[]): void {
    const { client, scheduler } = this.#parts;
    scheduler.note(`${client.name} ${what} ${paths.join(' ')}`);
    for (const path of paths) {
      // Directories above may be new too.
      const above = directoriesTo(client.volume, path);
      const what = inodeAt(client.volume, path);
      scheduler.in(this.#dice.under(20), () => {
        for (const directory of above) client.see(directory);
        if (what?.kind === 'directory') client.seeAllOf(what);
      });
    }
  }
}

const isFile = (what: string): boolean => /^[0-9a-f]{64}$/.test(what);
const isDirectory = (what: string): boolean => what === 'dir';

/** Each answers whether anything was done. */
const DEEDS: Readonly<Record<PersonDeed, (person: Person) => boolean>> = {
  write: (person) => {
    const there = person.dice.chance(0.4) ? person.there(isFile) : undefined;
    return person.write(there ?? person.path(), person.text());
  },
  'edit line': (person) => {
    const path = person.there(isFile);
    if (path === undefined || person.read(path) === '') return false;
    const lines = person.read(path).split('\n');
    const at = person.dice.under(Math.max(1, lines.length - 2));
    lines.splice(at, person.dice.under(2), person.words());
    return person.write(path, lines.join('\n'));
  },
  save: (person) => person.save(person.there(isFile) ?? person.path(), person.text()),
  'write slowly': (person) => {
    const path = person.path();
    const parts = Array.from({ length: 2 + person.dice.under(3) }, () => `${person.words()}\n`);
    const pause = person.dice.pick([1, 50, 400, 3000]);
    if (!person.write(path, '')) return false;
    let written = '';
    for (const [at, part] of parts.entries()) {
      person.later(pause * (at + 1), () => {
        if (person.there((what) => what !== 'dir') === undefined) return;
        if (person.read(path) !== written) return;
        written += part;
        person.write(path, written);
      });
    }
    return true;
  },
  'write alike': (person) => {
    const path = person.there(isFile);
    if (path === undefined || person.isInTick(path)) return false;
    const mtime = person.mtimeOf(path);
    const size = Buffer.byteLength(person.read(path));
    const words = person.words();
    if (size < words.length || !person.write(path, words.padEnd(size, '.'))) return false;
    person.setTime(path, mtime);
    return true;
  },
  copy: (person) => {
    const from = person.there(isFile);
    return from !== undefined && person.write(person.path(), person.bytes(from));
  },
  remove: (person) => {
    const path = person.there();
    return path !== undefined && person.remove(path);
  },
  move: (person) => {
    const from = person.there();
    if (from === undefined) return false;
    // Where there are no links a file could get a link's name, which the server then refuses for good.
    const to = person.path();
    return person.rename(from, person.tree.get(from)?.startsWith('-> ') ? `${to}.link` : to);
  },
  swap: (person) => {
    const [a, b] = [person.there(isFile), person.there(isFile)];
    if (a === undefined || b === undefined || a === b) return false;
    const third = `${a}.swap`;
    return person.rename(a, third) && person.rename(b, a) && person.rename(third, b);
  },
  'make directory': (person) => person.makeDirectory(person.path()),
  'file to directory': (person) => {
    const path = person.there(isFile);
    if (path === undefined || !person.remove(path)) return false;
    return person.write(`${path}/a`, person.text());
  },
  'directory to file': (person) => {
    const path = person.there(isDirectory);
    return path !== undefined && person.remove(path) && person.write(path, person.text());
  },
  'rename case': (person) => {
    const path = person.there();
    if (path === undefined) return false;
    const names = path.split('/');
    const name = names.pop() ?? '';
    const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
    return other !== name && person.rename(path, [...names, other].join('/'));
  },
  // Nothing but names that are fine everywhere: no other system could hold the link.
  link: (person) => person.link(`${person.path()}.link`, person.dice.pick(PLAIN)),
  'write large': (person) => person.write(person.path(), largeContent(person)),
  'write ignored': (person) => {
    const path = `${person.path()}.tmp`;
    return person.dice.chance(0.3) ? person.makeDirectory(path) : person.write(path, person.text());
  },
  ignore: (person) => {
    const patterns = ['b', '*.txt', 'd/', '!e.txt', '/a/b', '# none'];
    const lines = Array.from({ length: person.dice.under(3) }, () => person.dice.pick(patterns));
    return person.write('.syncignore', [...lines, `# ${person.words()}`, ''].join('\n'));
  },
};

const KIB = 1024;

/** Of several chunks, and no two alike. */
function largeContent({ dice }: Person): Uint8Array {
  const numbers = new Uint32Array(((70 + dice.under(200)) * KIB) / 4);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = dice.seed() * 2 + dice.under(2);
  return new Uint8Array(numbers.buffer);
}
