import type { Database, Statement } from 'better-sqlite3';
import type { ActivitySpan, ActivityStep } from '../../browsing.ts';
import { COUNTS, RUN, runsOf } from './activity-runs.ts';

/** Runs that are looked through before others have their turn. */
const AT_ONCE = 8;

/** How much was changed when, as one connection sees it: by runs of records, which are counted as they are written. */
export class ActivityTable {
  readonly #add: Statement;
  readonly #runs: Statement<unknown[], Run>;
  readonly #count: Statement<unknown[], ActivityStep>;

  constructor(database: Database) {
    this.#add = database.prepare(ADD);
    this.#runs = database.prepare(RUNS);
    this.#count = database.prepare(COUNT);
  }

  /** Counts the records after a cursor, which were just written. Pruning them uncounts them. */
  add(folder: number, after: number): void {
    this.#add.run({ folder, after });
  }

  /** Each piece is short; the answer comes with the last one. */
  *pieces(folder: number, span: ActivitySpan): Generator<void, ActivityStep[]> {
    const steps = new Map<number, ActivityStep>();
    const count = (found: ActivityStep): void =>
      void steps.set(found.step, sum(steps.get(found.step), found));
    let looked = 0;
    for (const run of this.#runs.all({ folder, ...span })) {
      const step = stepOf(run, span);
      if (step !== undefined) {
        count({ ...run, step });
        continue;
      }
      for (const found of this.#count.all({ folder, ...span, run: run.run })) count(found);
      looked += 1;
      if (looked % AT_ONCE === 0) yield;
    }
    return [...steps.values()].sort((a, b) => a.step - b.step);
  }
}

interface Run extends Omit<ActivityStep, 'step'> {
  readonly run: number;
  /** The times between which its records lie. */
  readonly first: number;
  readonly last: number;
}

/** The one step that has the whole run; undefined: there is none. */
function stepOf({ first, last }: Run, { since, until, step }: ActivitySpan): number | undefined {
  if (first < since || last >= until) return undefined;
  const at = Math.floor((first - since) / step);
  return Math.floor((last - since) / step) === at ? at : undefined;
}

const ADD = `
INSERT INTO activity ${runsOf('WHERE folder = @folder AND cursor > @after')}
ON CONFLICT (folder, run) DO UPDATE SET
  first = min(first, excluded.first),
  last = max(last, excluded.last),
  creates = creates + excluded.creates,
  updates = updates + excluded.updates,
  moves = moves + excluded.moves,
  deletes = deletes + excluded.deletes,
  bytes = bytes + excluded.bytes`;

const RUNS = `
SELECT run, first, last, creates, updates, moves, deletes, bytes FROM activity
WHERE folder = @folder AND first < @until AND last >= @since
  AND creates + updates + moves + deletes > 0`;

/** What the driver gives as a number is no integer here: so the step is made one. */
const COUNT = `
SELECT CAST((time - @since) / @step AS INTEGER) AS step, ${COUNTS}
FROM changes NOT INDEXED
WHERE folder = @folder AND cursor >= @run * ${RUN} AND cursor < (@run + 1) * ${RUN}
  AND time >= @since AND time < @until
GROUP BY step`;

function sum(one: ActivityStep | undefined, other: ActivityStep): ActivityStep {
  const { step, creates, updates, moves, deletes, bytes } = other;
  return {
    step,
    creates: creates + (one?.creates ?? 0),
    updates: updates + (one?.updates ?? 0),
    moves: moves + (one?.moves ?? 0),
    deletes: deletes + (one?.deletes ?? 0),
    bytes: bytes + (one?.bytes ?? 0),
  };
}
