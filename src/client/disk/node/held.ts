import type { Directory } from './directory.ts';

/** More are not held open at a time. */
const MOST = 64;

/**
 * Directories that stay open for a moment, because the next step most likely needs them again: opening the way to a file
 * name by name costs more than all else that is done to it. A step on a directory that was moved meanwhile is one that
 * came just before the move.
 */
export class Held {
  readonly #later: (work: () => void) => void;
  readonly #open = new Map<string, Directory>();
  #inUse = 0;
  #isDue = false;

  /** `later`: runs work once what is at hand is done. */
  constructor(later: (work: () => void) => void) {
    this.#later = later;
  }

  /** Runs `step` with a directory that is held, or opened and then held. It must be over when it returns: no promise. */
  using<T>(names: readonly string[], { way, step }: Using<T>): T {
    this.#inUse += 1;
    try {
      return step(this.#find(names, way).at);
    } finally {
      this.#inUse -= 1;
      if (this.#open.size > MOST) this.release();
    }
  }

  /** Closes all: what follows sees each directory where it is by then. */
  release(): void {
    if (this.#inUse > 0) return;
    for (const directory of this.#open.values()) directory.close();
    this.#open.clear();
  }

  #find(names: readonly string[], { root, enter }: Way): Directory {
    let key = '';
    let directory = this.#hold(key, root);
    for (const name of names) {
      const above = directory;
      key += `/${name}`;
      directory = this.#hold(key, () => enter(above, name));
    }
    return directory;
  }

  #hold(key: string, open: () => Directory): Directory {
    const here = this.#open.get(key);
    if (here !== undefined) return here;
    const directory = open();
    this.#open.set(key, directory);
    if (!this.#isDue) {
      this.#isDue = true;
      this.#later(() => this.#end());
    }
    return directory;
  }

  #end(): void {
    this.#isDue = false;
    this.release();
  }
}

interface Way {
  root(): Directory;
  /** Without closing the one it leaves. */
  enter(above: Directory, name: string): Directory;
}

interface Using<T> {
  readonly way: Way;
  readonly step: (at: string) => T;
}
