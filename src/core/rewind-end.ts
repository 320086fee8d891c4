import { besideName } from './beside-name.ts';
import { type Entry, movedTo, type NodeId, type Place, ROOT, type Versioned } from './entry.ts';
import type { RewindInput } from './rewind.ts';
import type { RewindScope } from './rewind-scope.ts';
import { Overlay } from './tree.ts';

interface MeantGoal {
  /** What it is to be; undefined: nothing. */
  readonly goal: Entry | undefined;
  readonly was: Entry | undefined;
  readonly stays: boolean;
}

/** A node that is in no place yet. */
interface Lifted {
  readonly node: NodeId;
  readonly entry: Entry;
  /** The first that is free is taken. */
  readonly wanted: readonly Place[];
}

/**
 * What the tree is to be. What was in those that are meant has its place at once: it can only meet what leaves. All else that
 * moves is lifted, and settled in the end, so that nobody outside has to make room, and nothing comes to lie in itself.
 */
export class RewindEnd {
  readonly tree: Overlay<Entry>;
  readonly #input: RewindInput;
  readonly #scope: RewindScope;
  readonly #meant: Lifted[] = [];
  #lifted: Lifted[] = [];

  constructor(input: RewindInput, scope: RewindScope) {
    this.tree = new Overlay<Entry>(input.now);
    this.#input = input;
    this.#scope = scope;
  }

  putMeant(node: NodeId, { goal, was, stays }: MeantGoal): void {
    const now = this.#input.now.get(node);
    this.tree.set(node, undefined);
    if (goal === undefined) return;
    const wanted = [...(stays && now !== undefined ? [now] : []), was ?? goal];
    this.#meant.push({ node, entry: goal, wanted });
  }

  /** What is in those that are meant, and was not. */
  takeOut(node: NodeId, now: Versioned, was: Entry | undefined): void {
    this.tree.set(node, undefined);
    if (was !== undefined) this.#lifted.push({ node, entry: now, wanted: [was] });
  }

  /** Gives everything that is lifted a place. */
  settle(): void {
    let waiting = [...this.#meant, ...this.#lifted];
    while (waiting.length > 0) {
      const left = waiting.filter((one) => !this.#place(one));
      if (left.length === waiting.length) this.#force(left.shift());
      waiting = left;
    }
  }

  #place({ node, entry, wanted }: Lifted): boolean {
    const place = wanted.find(
      ({ parent, name }) => this.#isDirectory(parent) && this.tree.named(parent, name).length === 0,
    );
    if (place === undefined) return false;
    this.tree.set(node, movedTo(entry, place));
    return true;
  }

  /** Nothing waits for a place that will be there: this one gets another. */
  #force(one: Lifted | undefined): void {
    if (one === undefined) return;
    const { node, entry } = one;
    const isMeant = this.#scope.meant.has(node);
    const { name } = one.wanted.at(-1) ?? entry;
    const parent = isMeant ? this.#wayTo(one.wanted.at(-1)?.parent ?? ROOT) : this.#beside();
    this.tree.set(node, movedTo(entry, { parent, name: this.#freeName(parent, name, entry) }));
  }

  /** The directory, made again with those above it where they are gone. One that took the place of such a one is it. */
  #wayTo(directory: NodeId): NodeId {
    const gone: [NodeId, Entry][] = [];
    let at = directory;
    while (!this.#isDirectory(at)) {
      const then = this.#input.past.get(at);
      const isElsewhere = this.tree.get(at) !== undefined || this.#input.now.get(at) !== undefined;
      if (then?.kind !== 'directory' || isElsewhere || gone.some(([node]) => node === at)) {
        return ROOT;
      }
      gone.unshift([at, then]);
      at = then.parent;
    }
    for (const [node, entry] of gone) at = this.#makeAgain(node, entry, at);
    return at;
  }

  #makeAgain(node: NodeId, entry: Entry, parent: NodeId): NodeId {
    const there = this.tree.find(parent, entry.name);
    if (there !== undefined && this.tree.get(there)?.kind === 'directory') return there;
    const name = this.#freeName(parent, entry.name, entry);
    this.tree.set(node, movedTo(entry, { parent, name }));
    return node;
  }

  /** The directory that the first of those that are meant is in, or was. */
  #beside(): NodeId {
    for (const node of this.#scope.meant.keys()) {
      const parent = (this.tree.get(node) ?? this.#input.now.get(node))?.parent;
      if (parent !== undefined && this.#isDirectory(parent)) return parent;
    }
    return ROOT;
  }

  #freeName(parent: NodeId, name: string, { kind }: Entry): string {
    const isFree = (one: string): boolean => this.tree.named(parent, one).length === 0;
    if (isFree(name)) return name;
    for (let attempt = 1; ; attempt += 1) {
      const other = besideName({ name, kind, mark: this.#input.mark, attempt });
      if (isFree(other)) return other;
    }
  }

  /** A directory that is there already, and so are those above it. */
  #isDirectory(id: NodeId): boolean {
    const met = new Set<NodeId>();
    for (let at = id; at !== ROOT; ) {
      const entry = this.tree.get(at);
      if (entry?.kind !== 'directory' || met.has(at)) return false;
      met.add(at);
      at = entry.parent;
    }
    return true;
  }
}
