import { existsSync, type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';
import type { Dirt, Path } from '../ports.ts';
import {
  codeOf,
  directoriesIn,
  identityOf,
  isOurs,
  mayBeDirectory,
  VANISHED,
} from './directory.ts';
import type { FilledOptions, NodeWatcher } from './options.ts';

/**
 * One watched directory. Its path follows from those above it, so it is asked for when it is
 * needed.
 */
interface Watched {
  readonly parent: Watched | undefined;
  readonly name: string;
  readonly identity: string;
  readonly handle: FSWatcher;
  readonly children: Map<string, Watched>;
  /**
   * Directories in it that could not be watched, to be tried again when something happens to them.
   */
  readonly refused: Set<string>;
  gone: boolean;
}

/** A directory that is to be watched. */
interface Wanted {
  readonly parent: Watched | undefined;
  readonly name: string;
  /** Whether it is news, and so to be looked at. */
  readonly isNews: boolean;
}

/** How many directories are begun to be watched in one turn; some milliseconds' worth. */
const SLICE = 100;

/** From so many names on it is cheaper to list the directory than to look at each of them. */
const MANY = 64;

/**
 * It cannot be listed either, so a scan finds nothing in it; a change of its mode is an event of
 * its parent.
 */
const DENIED = new Set(['EACCES', 'EPERM']);

/**
 * One watch for each directory, none for files. Events of one turn of the event loop are gathered:
 * each says that a directory is dirty, and those of type `rename` that the directories in it may be
 * others than those that are watched. A new directory is first watched, then listed, then told, so
 * what comes into it is either listed or told. It touches nothing but its own fields and the
 * functions it was given, so that it can live in a thread of its own.
 */
export class DirectoryWatcher implements NodeWatcher {
  degraded = false;
  readonly #options: FilledOptions;
  #onDirt: ((dirt: Dirt) => void) | undefined;
  #ready = (): void => {};
  #stopped = false;
  #root: Watched | undefined;
  #rootless = false;
  #retry: NodeJS.Timeout | undefined;

  // What this turn brought.
  #turn: NodeJS.Immediate | undefined;
  #events = 0;
  readonly #dirty = new Set<Watched>();
  #renamed = new Map<Watched, Set<string>>();
  /** Why everything has to be looked at, as soon as all that is wanted is watched. */
  #lost: string | undefined;
  #wanted: Wanted[] = [];

  constructor(options: FilledOptions) {
    this.#options = options;
  }

  async run(onDirt: (dirt: Dirt) => void): Promise<void> {
    if (this.#onDirt !== undefined) throw new TypeError('A watcher runs once.');
    if (this.#stopped) return;
    this.#onDirt = onDirt;
    this.#wantRoot();
    await new Promise<void>((ready) => {
      this.#ready = ready;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearImmediate(this.#turn);
    clearTimeout(this.#retry);
    if (this.#root !== undefined) drop(this.#root);
    this.#ready();
  }

  rewatch(reason: string): void {
    if (this.#stopped || this.#onDirt === undefined) return;
    this.#lost = reason;
    this.#wantRoot();
  }

  /** Forgets every watch and begins at the root. */
  #wantRoot(): void {
    if (this.#root !== undefined) drop(this.#root);
    this.#root = undefined;
    this.#dirty.clear();
    this.#renamed.clear();
    this.#wanted = [{ parent: undefined, name: basename(this.#options.root), isNews: false }];
    this.#schedule();
  }

  #heard(watched: Watched, type: string, name: string | null): void {
    if (this.#stopped || watched.gone) return;
    this.#events += 1;
    this.#schedule();
    if (watched === this.#root && isOurs(name ?? '')) return;
    this.#dirty.add(watched);
    if (name === null) this.rewatch('An event came without a name.');
    else if (type === 'rename' || watched.refused.has(name)) this.#noteRename(watched, name);
    else if (name === watched.name) this.#retryRefused(watched);
  }

  /** Its mode may have changed, so that what is in it can be watched now. */
  #retryRefused(watched: Watched): void {
    for (const name of watched.refused) this.#noteRename(watched, name);
  }

  #noteRename(watched: Watched, name: string): void {
    const names = this.#renamed.get(watched) ?? new Set();
    this.#renamed.set(watched, names.add(name));
  }

  /** The turn ends after all events that wait have been heard: the loop fetches them in one go. */
  #schedule(): void {
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#turn = undefined;
    const { queue } = this.#options;
    if (this.#events >= queue / 2)
      this.rewatch('So many events came at once that some may be lost.');
    this.#events = 0;
    const renamed = this.#renamed;
    this.#renamed = new Map();
    for (const [watched, names] of renamed) this.#follow(watched, names);
    for (const wanted of this.#wanted.splice(-SLICE).reverse()) this.#watch(wanted);
    this.#tell();
  }

  /** Looks which directories now have these names in a watched one. */
  #follow(watched: Watched, names: ReadonlySet<string>): void {
    if (watched.gone) return;
    // An event of the directory itself bears its own name: it was moved, removed or unmounted.
    if (names.has(watched.name) && !this.#isWhatItWas(watched)) {
      this.#replaced(watched);
      return;
    }
    const directories = names.size > MANY ? new Set(directoriesIn(this.#pathOf(watched))) : names;
    for (const name of names) {
      const isOfInterest = directories.has(name) || watched.children.has(name);
      if (isOfInterest && this.#isWanted(watched, name)) this.#renew(watched, name);
    }
  }

  #replaced({ parent, name }: Watched): void {
    if (parent === undefined) this.rewatch('The directory is another one than it was.');
    else this.#renew(parent, name);
  }

  /**
   * Drops what had the name, with all below it, and watches what has it now, even if that is the
   * same: while it was away, another thing may have stood in its place and been watched in its
   * stead.
   */
  #renew(parent: Watched, name: string): void {
    if (parent.gone) return;
    const child = parent.children.get(name);
    if (child !== undefined) drop(child);
    if (mayBeDirectory(join(this.#pathOf(parent), name))) {
      this.#wanted.push({ parent, name, isNews: true });
    }
  }

  #watch(wanted: Wanted): void {
    const { parent, name, isNews } = wanted;
    if (parent?.gone === true || parent?.children.has(name) === true) return;
    const watched = this.#open(wanted);
    if (watched === undefined) return;
    if (parent === undefined) this.#rootOpened(watched);
    parent?.children.set(name, watched);
    parent?.refused.delete(name);
    if (isNews) this.#dirty.add(watched);
    for (const child of directoriesIn(this.#pathOf(watched))) {
      if (this.#isWanted(watched, child)) {
        this.#wanted.push({ parent: watched, name: child, isNews });
      }
    }
  }

  #open({ parent, name }: Wanted): Watched | undefined {
    const path = parent === undefined ? this.#options.root : join(this.#pathOf(parent), name);
    let identity: string;
    let handle: FSWatcher;
    try {
      identity = identityOf(path, parent === undefined);
      handle = this.#options.watch(path);
    } catch (error) {
      this.#refuse(parent, name, error);
      return undefined;
    }
    const about = { parent, name, identity, handle, gone: false };
    const watched: Watched = { ...about, children: new Map(), refused: new Set() };
    handle.on('change', (type, file) =>
      this.#heard(watched, type, file === null ? null : `${file}`),
    );
    handle.on('error', (error) => this.#failed(watched, error));
    return watched;
  }

  #failed(watched: Watched, error: unknown): void {
    if (this.#stopped || watched.gone) return;
    const { parent, name } = watched;
    drop(watched);
    if (parent !== undefined) this.#dirty.add(parent);
    this.#refuse(parent, name, error);
    this.#schedule();
  }

  #refuse(parent: Watched | undefined, name: string, error: unknown): void {
    const code = codeOf(error);
    if (parent === undefined) this.#rootRefused(code);
    if (parent === undefined) return;
    if (VANISHED.has(code)) parent.refused.delete(name);
    else parent.refused.add(name);
    if (VANISHED.has(code) || DENIED.has(code)) return;
    if (!this.degraded) this.#lost ??= `Not every directory can be watched (${code}).`;
    this.degraded = true;
  }

  #rootOpened(watched: Watched): void {
    this.#root = watched;
    this.degraded = false;
    if (this.#rootless) this.#lost = 'The directory is watched again.';
    this.#rootless = false;
  }

  /** Told once; then it is tried again and again, silently, until it can be watched. */
  #rootRefused(code: string): void {
    if (!this.#rootless) this.#lost = `The directory cannot be watched (${code}).`;
    this.#rootless = true;
    this.degraded = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#wantRoot(), this.#options.retry);
  }

  #tell(): void {
    const dirty = [...this.#dirty].filter(({ gone }) => !gone);
    this.#dirty.clear();
    const isWhole = this.#wanted.length === 0;
    if (!isWhole) this.#schedule();
    if (isWhole && this.#lost !== undefined) {
      const reason = this.#lost;
      this.#lost = undefined;
      this.#say({ type: 'everything', reason });
    } else for (const watched of dirty) this.#say({ type: 'directory', path: namesOf(watched) });
    if (isWhole) this.#ready();
  }

  #say(dirt: Dirt): void {
    if (!this.#stopped) this.#onDirt?.(dirt);
  }

  #isWanted(parent: Watched, name: string): boolean {
    if (parent === this.#root && isOurs(name)) return false;
    return !this.#options.ignored([...namesOf(parent), name]);
  }

  /**
   * Of the root, which has no parent to tell, also whether the name can be that of something in it.
   */
  #isWhatItWas(watched: Watched): boolean {
    const { parent, name, identity, children } = watched;
    const path = this.#pathOf(watched);
    try {
      if (identityOf(path, parent === undefined) !== identity) return false;
    } catch {
      return false;
    }
    return parent !== undefined || children.has(name) || existsSync(join(path, name));
  }

  #pathOf(watched: Watched): string {
    return join(this.#options.root, ...namesOf(watched));
  }
}

/** The names from the root down. */
function namesOf(watched: Watched): Path {
  const names: string[] = [];
  for (let at = watched; at.parent !== undefined; at = at.parent) names.push(at.name);
  return names.reverse();
}

/** Ends the watches of a directory and of all below it. */
function drop(top: Watched): void {
  top.parent?.children.delete(top.name);
  const waiting = [top];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    next.gone = true;
    next.handle.close();
    waiting.push(...next.children.values());
  }
}
