import type { LiveEvent } from './live-connection.ts';
import type { Tell } from './news.ts';
import type { Problem } from './problem.ts';
import type { Happening, Listener, Progress } from './session.ts';
import type { ShownHold } from './show-hold.ts';
import type { Condition, Observer } from './synchronizer.ts';

export interface NewsDeskOptions {
  readonly tell: Tell;
  readonly counts: () => { readonly files: number; readonly bytes: number };
}

/** So many changes at a time are a batch, of which the end is told too. */
const BATCH = 20;

/** Makes news of what the engine says, so that a person is told everything once. */
export class NewsDesk implements Listener, Observer {
  readonly #tell: Tell;
  readonly #counts: NewsDeskOptions['counts'];
  readonly #problems = new Map<string, Problem>();
  readonly #holds = new Map<string, ShownHold>();
  #link: 'unknown' | 'up' | 'down' = 'unknown';
  #halted: string | undefined;
  #changes = 0;
  /** Whether the end of what is going on is worth a word. */
  #expectsEnd = true;

  constructor({ tell, counts }: NewsDeskOptions) {
    this.#tell = tell;
    this.#counts = counts;
  }

  /** Nothing happens before the server has answered once. */
  happened(happening: Happening): void {
    if (this.#link === 'unknown') this.#comeUp();
    this.#changes += 1;
    this.#tell({ type: 'changed', happening });
  }

  progressed(progress: Progress): void {
    this.#tell({ type: 'progressed', progress });
  }

  warned(text: string): void {
    this.#tell({ type: 'said', level: 'warning', text });
  }

  conditionChanged(condition: Condition): void {
    this.#tell({ type: 'detail', text: `condition: ${condition.type}` });
    if (condition.type === 'offline') this.#goDown(condition.reason);
    else if (condition.type === 'halted') this.#halt(condition.reason);
    else if (condition.type === 'resting') this.#rest();
    else if (condition.type === 'asking') this.#ask(condition.holds);
  }

  liveSaid(event: LiveEvent): void {
    this.#tell({ type: 'detail', text: `live connection: ${event.type}` });
    if (event.type === 'connected') this.#comeUp();
    else if (event.type === 'disconnected') this.#goDown(event.reason);
  }

  /** Tells what is new among the problems, and what is no more. */
  lookAtProblems(now: readonly Problem[]): void {
    const keyed = new Map(now.map((problem) => [`${problem.code} ${problem.path}`, problem]));
    for (const [key, problem] of this.#problems) {
      if (keyed.has(key)) continue;
      this.#problems.delete(key);
      this.#tell({ type: 'solved', problem });
    }
    for (const [key, problem] of keyed) {
      if (this.#problems.has(key)) continue;
      this.#problems.set(key, problem);
      this.#tell({ type: 'problem', problem });
    }
  }

  #goDown(reason: string): void {
    this.#expectsEnd = true;
    if (this.#link === 'down') return;
    this.#link = 'down';
    this.#tell({ type: 'offline', reason });
  }

  #comeUp(): void {
    if (this.#link === 'up') return;
    this.#link = 'up';
    this.#tell({ type: 'connected' });
  }

  #halt(reason: string): void {
    this.#expectsEnd = true;
    if (this.#halted === reason) return;
    this.#halted = reason;
    this.#tell({ type: 'halted', reason });
  }

  /** The rest is in sync, but nobody is told so while something is asked. */
  #ask(holds: readonly ShownHold[]): void {
    this.#halted = undefined;
    this.#comeUp();
    this.#expectsEnd = true;
    this.#lookAtHolds(holds);
  }

  /** Tells of each sort once, and again when it has grown a lot. */
  #lookAtHolds(holds: readonly ShownHold[]): void {
    const keyed = new Map(holds.map((hold) => [`${hold.direction} ${hold.deed}`, hold]));
    for (const [key, hold] of this.#holds) {
      if (keyed.has(key)) continue;
      this.#holds.delete(key);
      this.#tell({ type: 'released', hold });
    }
    for (const [key, hold] of keyed) {
      if (hold.files <= 2 * (this.#holds.get(key)?.files ?? 0)) continue;
      this.#holds.set(key, hold);
      this.#tell({ type: 'held', hold });
    }
  }

  /** A round went through, so the server answers, whatever the live connection does. */
  #rest(): void {
    this.#halted = undefined;
    this.#comeUp();
    this.#lookAtHolds([]);
    if (this.#expectsEnd || this.#changes >= BATCH) {
      const { files, bytes } = this.#counts();
      this.#tell({ type: 'in_sync', files, bytes });
    }
    this.#expectsEnd = false;
    this.#changes = 0;
  }
}
