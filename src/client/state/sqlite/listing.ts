import type { NodeId } from '../../../core/entry.ts';

type Names = ReadonlyMap<string, readonly NodeId[]>;

/** Asked for so many names of one directory in a row, somebody looks at all of it. */
const MANY = 8;
const NONE: readonly NodeId[] = [];

/**
 * The names in the directory that is being looked at, read all at once when several of them were asked for in a row: one
 * question for a directory, and not one for each name in it. Of one directory at a time; whoever writes anything
 * has to let it be forgotten.
 */
export class Listing {
  readonly #load: (parent: NodeId) => Names;
  #parent: NodeId | undefined;
  #asked = 0;
  #names: Names | undefined;

  constructor(load: (parent: NodeId) => Names) {
    this.#load = load;
  }

  /** `ask`: for this one name. */
  named(parent: NodeId, name: string, ask: () => readonly NodeId[]): readonly NodeId[] {
    if (parent !== this.#parent) this.forget();
    this.#parent = parent;
    this.#asked += 1;
    if (this.#asked >= MANY) this.#names ??= this.#load(parent);
    return this.#names === undefined ? ask() : (this.#names.get(name) ?? NONE);
  }

  forget(): void {
    this.#parent = undefined;
    this.#asked = 0;
    this.#names = undefined;
  }
}

/** In the order in which they come. */
export function byName(rows: Iterable<readonly [id: NodeId, name: string]>): Names {
  const names = new Map<string, NodeId[]>();
  for (const [id, name] of rows) {
    const ids = names.get(name);
    if (ids === undefined) names.set(name, [id]);
    else ids.push(id);
  }
  return names;
}
