import type { Database, Statement } from 'better-sqlite3';
import type { ActivitySpan, ActivityStep } from '../../browsing.ts';

/** Records that are looked at before others have their turn. */
const ROWS = 5_000;

/** How much was changed when, as one connection sees it: by the index of times, in pieces. */
export class ActivityTable {
  readonly #end: Statement<unknown[], Point>;
  readonly #count: Statement<unknown[], ActivityStep>;

  constructor(database: Database) {
    this.#end = database.prepare(END);
    this.#count = database.prepare(COUNT);
  }

  /** Each piece is short; the answer comes with the last one. */
  *pieces(folder: number, span: ActivitySpan): Generator<void, ActivityStep[]> {
    const steps = new Map<number, ActivityStep>();
    let from: Point | undefined = { time: span.since, cursor: 0 };
    while (from !== undefined) {
      const to: Point | undefined = this.#end.get({ folder, ...span, ...from });
      const end = { endTime: to?.time ?? span.until, endCursor: to?.cursor ?? 0 };
      for (const found of this.#count.all({ folder, ...span, ...from, ...end })) {
        steps.set(found.step, sum(steps.get(found.step), found));
      }
      from = to;
      yield;
    }
    return [...steps.values()].sort((a, b) => a.step - b.step);
  }
}

/** A record by its time, and among those of one time by its cursor. */
interface Point {
  readonly time: number;
  readonly cursor: number;
}

const FROM = `FROM changes INDEXED BY changes_by_time
  WHERE folder = @folder AND time < @until AND (time, cursor) >= (@time, @cursor)`;

/** Where the next piece begins. */
const END = `SELECT time, cursor ${FROM} ORDER BY time, cursor LIMIT 1 OFFSET ${ROWS}`;

/** What the driver gives as a number is no integer here: so the step is made one. */
const COUNT = `
SELECT CAST((time - @since) / @step AS INTEGER) AS step,
  count(*) FILTER (WHERE operation = 'create') AS creates,
  count(*) FILTER (WHERE operation = 'update') AS updates,
  count(*) FILTER (WHERE operation = 'move') AS moves,
  count(*) FILTER (WHERE operation = 'delete') AS deletes,
  coalesce(sum(after_size) FILTER (WHERE after_kind = 'file' AND (after_checksum IS NOT before_checksum
    OR after_size IS NOT before_size)), 0) AS bytes
${FROM} AND (time, cursor) < (@endTime, @endCursor)
GROUP BY step`;

function sum(one: ActivityStep | undefined, other: ActivityStep): ActivityStep {
  if (one === undefined) return other;
  return {
    step: one.step,
    creates: one.creates + other.creates,
    updates: one.updates + other.updates,
    moves: one.moves + other.moves,
    deletes: one.deletes + other.deletes,
    bytes: one.bytes + other.bytes,
  };
}
