import type { Deed, Direction, Limits, Loss } from '../core/danger.ts';
import type { NodeId } from '../core/entry.ts';
import type { Verb } from '../protocol/held.ts';

/** One sort of loss: what is asked about together. */
export interface Sort {
  readonly direction: Direction;
  readonly deed: Deed;
}

/** So many files would lose their content that a person is asked first (rule S15). Never stored: each round finds it again. */
export interface Hold extends Sort {
  /** Of exactly this: as soon as anything else is held it is another. */
  readonly id: string;
  readonly losses: readonly Loss[];
  /** Of the contents that would go. */
  readonly bytes: number;
  /** Directories and symlinks that would go with them. */
  readonly along: readonly NodeId[];
}

/** By the ids of the holds that were shown. */
export type Verbs = Readonly<Record<string, Verb>>;

/** A person's word on what is held (rule S16). */
export interface Word {
  readonly verbs: Verbs;
  /** Told once the word is recorded, with what it was taken for. */
  readonly heeded: (meant: readonly Hold[]) => void;
}

/** What was let through is remembered so long, in milliseconds, and while the client runs. */
const RECENT = 5 * 60_000;

/** What the client knows of mass deletions and mass overwrites, beyond the state. */
export class Breaker {
  /** What the last decision holds. */
  holds: readonly Hold[] = [];
  /** Given, and not heeded yet. */
  word: Word | undefined;
  readonly #limits: Limits;
  readonly #recent = new Map<string, Map<NodeId, { readonly loss: Loss; readonly at: number }>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  limit(deed: Deed): Limits[Deed] {
    return this.#limits[deed];
  }

  recent({ direction, deed }: Sort, now: number): readonly Loss[] {
    const known = this.#recent.get(`${direction} ${deed}`);
    for (const [node, { at }] of known ?? []) if (Math.abs(now - at) >= RECENT) known?.delete(node);
    return [...(known?.values() ?? [])].map(({ loss }) => loss);
  }

  /** What was made a short while ago comes and goes, like the files of a build: no folder loses it in pieces. */
  letThrough(losses: readonly Loss[], now: number): void {
    for (const loss of losses.filter(({ time }) => Math.abs(now - time) >= RECENT)) {
      const key = `${loss.direction} ${loss.deed}`;
      const known = this.#recent.get(key) ?? new Map();
      if (!known.has(loss.node)) known.set(loss.node, { loss, at: now });
      this.#recent.set(key, known);
    }
  }
}
