import type { NodeId } from '../core/entry.ts';
import { isToCome } from './is-to-come.ts';

/** One path cannot proceed; the rest goes on. */
export interface Problem {
  /** From the directory, with `/`. */
  readonly path: string;
  /** A DiskProblem, an error code of the protocol, or a name problem. */
  readonly code: string;
  /** A sentence for a person. */
  readonly message: string;
  readonly node?: NodeId;
}

/** Milliseconds that a problem holds a path at most. */
export const LONGEST = 60_000;

/** What is known not to work now, by where it was noticed; shown in `status`, cleared when it works. */
export class Problems {
  /** From the last look at each directory: key is the path of what was found. */
  readonly #found = new Map<string, Problem>();
  /** Of carrying out and of offering, by node. */
  readonly #nodes = new Map<NodeId, Problem & { readonly until: number }>();

  all(): Problem[] {
    const nodes = [...this.#nodes.values()].map(({ until: _, ...problem }) => problem);
    return [...this.#found.values(), ...nodes].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Replaces what was found in these directories, and forgets what was in others that are gone. */
  setFound(looked: ReadonlyMap<string, ReadonlySet<string>>, problems: readonly Problem[]): void {
    for (const path of [...this.#found.keys()])
      if (isOutdated(path, looked)) this.#found.delete(path);
    for (const problem of problems) this.addFound(problem);
  }

  addFound(problem: Problem): void {
    this.#found.set(problem.path, problem);
  }

  /** The directories that hold what was found to be beyond us. */
  placesFound(): string[][] {
    const places = [...this.#found.keys()].map((path) => path.split('/').slice(0, -1));
    return [...new Map(places.map((place) => [place.join('/'), place])).values()];
  }

  /** Whether what has this name is known to be beyond us. */
  isFound(path: readonly string[]): boolean {
    return this.#found.has(path.join('/'));
  }

  /** The node is not tried again before `until` (milliseconds since 1970, at most LONGEST from now), unless it changes. */
  set(node: NodeId, problem: Problem, until: number): void {
    this.#nodes.set(node, { ...problem, node, until });
  }

  clear(node: NodeId): void {
    this.#nodes.delete(node);
  }

  /** A node on which all sides agree has no problem any more. */
  retain(changed: ReadonlySet<NodeId>): void {
    for (const node of [...this.#nodes.keys()]) if (!changed.has(node)) this.#nodes.delete(node);
  }

  isHeld(node: NodeId, now: number): boolean {
    const until = this.#nodes.get(node)?.until;
    return until !== undefined && isToCome(until, now, LONGEST);
  }

  /** When the first held node may be tried again. */
  nextTry(now: number): number | undefined {
    const times = [...this.#nodes.values()]
      .map(({ until }) => until)
      .filter((until) => isToCome(until, now, LONGEST));
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

/** Whether the path, or the directory it is in, was looked into, or the way to it is no more. */
function isOutdated(path: string, looked: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (looked.has(path)) return true;
  const names = path.split('/');
  return names.some((name, depth) => {
    const listed = looked.get(names.slice(0, depth).join('/'));
    return listed !== undefined && (depth === names.length - 1 || !listed.has(name));
  });
}
