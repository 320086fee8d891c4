import type { Database, Statement } from 'better-sqlite3';
import { type NodeId, samePlace, type Versioned } from '../../../core/entry.ts';
import type {
  CommitSpan,
  DeletedNode,
  DeletionsQuery,
  PastPage,
  PastPageAnswer,
  PastPlace,
} from '../../past.ts';
import { type Known, pastState } from '../../past-state.ts';
import { RUN } from './activity-runs.ts';
import { ENTRY_WIDTH, entryColumns, list, type Row, toEntry } from './rows.ts';

/** What the folder was, by the history, as one connection sees it. Indexes are named, as everywhere. */
export class PastSearch {
  readonly #endBefore: Statement<unknown[], number>;
  readonly #endAfter: Statement<unknown[], number>;
  readonly #runBefore: Statement<unknown[], number>;
  readonly #lastIn: Statement<unknown[], number>;
  readonly #pageEnd: Statement<unknown[], number>;
  readonly #changed: Statement<unknown[], Row>;
  readonly #gone: Statement<unknown[], NodeId>;
  readonly #left: Statement<unknown[], NodeId>;
  readonly #entries: Statement<unknown[], Row>;
  readonly #deleted: Statement<unknown[], Row>;
  readonly #deletedAt: Statement<unknown[], Row>;

  constructor(database: Database) {
    const number = (sql: string) => database.prepare<unknown[], number>(sql).pluck();
    const rows = (sql: string) => database.prepare<unknown[], Row>(sql).raw(true);
    this.#endBefore = number(`SELECT cursor FROM chain WHERE folder = ? AND cursor <= ?
      ORDER BY cursor DESC LIMIT 1`);
    this.#endAfter = number(`SELECT cursor FROM chain WHERE folder = ? AND cursor >= ?
      ORDER BY cursor LIMIT 1`);
    this.#runBefore = number(`SELECT run FROM activity WHERE folder = ? AND first <= ? AND run < ?
      ORDER BY run DESC LIMIT 1`);
    this.#lastIn = number(`SELECT cursor FROM changes NOT INDEXED
      WHERE folder = ? AND cursor >= ? AND cursor < ? AND time <= ? ORDER BY cursor DESC LIMIT 1`);
    this.#pageEnd = number(`SELECT cursor FROM changes NOT INDEXED
      WHERE folder = @folder AND cursor > @after AND cursor <= @until
      ORDER BY cursor LIMIT 1 OFFSET @limit - 1`);
    this.#changed = rows(CHANGED);
    this.#gone = database.prepare<unknown[], NodeId>(GONE).pluck();
    this.#left = database.prepare<unknown[], NodeId>(LEFT).pluck();
    this.#entries = rows(ENTRIES);
    this.#deleted = rows(deletedWhere(''));
    this.#deletedAt = rows(
      deletedWhere("AND (c.path = @path OR c.path >= @path || '/' AND c.path < @path || '0')"),
    );
  }

  lastCommit(folder: number, to: { readonly cursor: number } | { readonly time: number }): number {
    if ('cursor' in to) return this.#endBefore.get(folder, to.cursor) ?? 0;
    const last = this.#lastAt(folder, to.time);
    return last === undefined ? 0 : (this.#endAfter.get(folder, last) ?? 0);
  }

  /** The greatest cursor of that time or an older one: only runs of records are looked into that may have it. */
  #lastAt(folder: number, time: number): number | undefined {
    let run = this.#runBefore.get(folder, time, Number.MAX_SAFE_INTEGER);
    while (run !== undefined) {
      const last = this.#lastIn.get(folder, run * RUN, (run + 1) * RUN, time);
      if (last !== undefined) return last;
      run = this.#runBefore.get(folder, time, run);
    }
    return undefined;
  }

  commitOf(folder: number, cursor: number): CommitSpan | undefined {
    if (cursor < 1) return undefined;
    const last = this.#endAfter.get(folder, cursor);
    const before = this.#endBefore.get(folder, cursor - 1) ?? 0;
    return last === undefined ? undefined : { first: before + 1, last };
  }

  changedSince(folder: number, page: PastPage): PastPageAnswer {
    const next = this.#pageEnd.get({ folder, ...page });
    const rows = this.#changed.all({ folder, ...page, until: next ?? page.until });
    const states = rows.map((row) => ({ node: row[1] as NodeId, ...stateIn(row, page.at) }));
    return { states, next };
  }

  /** Each piece is short; the answer comes with the last one. */
  *changedAt(folder: number, { at, until, place }: PastPlace): Generator<void, NodeId | undefined> {
    const wasThere = (nodes: readonly NodeId[]): NodeId | undefined =>
      [...this.entriesAt(folder, at, nodes)].find(([, entry]) => samePlace(entry, place))?.[0];
    // Most who are gone from a place were deleted there, which is found much sooner.
    for (let after = at; after < until; after += DELETIONS) {
      const end = { after, until: Math.min(after + DELETIONS, until) };
      const found = wasThere(this.#gone.all({ folder, ...end, ...place }));
      if (found !== undefined) return found;
      yield;
    }
    for (let after: number | undefined = at; after !== undefined; ) {
      const next = this.#pageEnd.get({ folder, after, until, limit: ROWS });
      const found = wasThere(this.#left.all({ folder, after, until: next ?? until, ...place }));
      if (found !== undefined) return found;
      after = next;
      yield;
    }
    return undefined;
  }

  entriesAt(folder: number, at: number, nodes: readonly NodeId[]): Map<NodeId, Versioned> {
    const rows = this.#entries.all({ folder, at, nodes: list(nodes) });
    return new Map(
      rows.flatMap((row) => {
        const { entry } = stateIn(row, at);
        return entry === undefined ? [] : [[row[1] as NodeId, entry]];
      }),
    );
  }

  deletions(folder: number, query: DeletionsQuery): DeletedNode[] {
    const { path, before = Number.MAX_SAFE_INTEGER, limit } = query;
    const rows =
      path === undefined
        ? this.#deleted.all({ folder, before, limit })
        : this.#deletedAt.all({ folder, before, limit, path });
    return rows.map(toDeleted);
  }
}

/** Records that are looked at before others have their turn. */
const ROWS = 5_000;
/** Cursors within which deletions are looked for in their own index, before others have their turn. */
const DELETIONS = 50_000;

/** Of a first change after a cursor and the last one up to it: `cursor, node, cursor of the last one, after, before`. */
const STATE = `p.cursor, ${entryColumns('p.after_')}, ${entryColumns('c.before_')}`;

/** `node` as it was at `@at`, by its last change up to then. */
const LAST_UP_TO = (node: string): string => `
LEFT JOIN changes p ON p.folder = @folder AND p.cursor = (
  SELECT max(e.cursor) FROM changes e INDEXED BY changes_by_node
  WHERE e.folder = @folder AND e.node = ${node} AND e.cursor <= @at)`;

const CHANGED = `
SELECT c.cursor, c.node, ${STATE} FROM changes c ${LAST_UP_TO('c.node')}
WHERE c.folder = @folder AND c.cursor > @after AND c.cursor <= @until AND NOT EXISTS (
  SELECT 1 FROM changes earlier INDEXED BY changes_by_node
  WHERE earlier.folder = @folder AND earlier.node = c.node
    AND earlier.cursor > @at AND earlier.cursor < c.cursor)
ORDER BY c.cursor`;

/** Who was deleted in these changes from a directory, and had a path that ends like the name: there may be some more. */
const GONE = `
SELECT node FROM changes INDEXED BY changes_deleted
WHERE folder = @folder AND operation = 'delete' AND cursor > @after AND cursor <= @until
  AND before_parent = @parent AND substr(path, -length(@name)) = @name`;

/** Who left a place in these changes. */
const LEFT = `
SELECT DISTINCT node FROM changes NOT INDEXED
WHERE folder = @folder AND cursor > @after AND cursor <= @until
  AND before_parent = @parent AND before_name = @name`;

const ENTRIES = `
SELECT c.cursor, j.value, ${STATE} FROM json_each(@nodes) j ${LAST_UP_TO('j.value')}
LEFT JOIN changes c ON c.folder = @folder AND c.cursor = (
  SELECT min(l.cursor) FROM changes l INDEXED BY changes_by_node
  WHERE l.folder = @folder AND l.node = j.value AND l.cursor > @at)`;

function stateIn(row: Row, at: number): Known {
  const [next, , last] = row;
  return pastState(at, {
    last: last === null ? undefined : { after: toEntry(row, 3) },
    next: next === null ? undefined : { before: toEntry(row, 3 + ENTRY_WIDTH) },
  });
}

/**
 * The index alone says which they are; the rows of the page are read afterwards. A directory that went with what was in it
 * has its last record within the same commit, whose bounds the chain knows.
 */
const deletedWhere = (also: string): string => `
SELECT r.cursor, r.node, r.path, r.client_id, r.client_name, r.time, ${entryColumns('r.before_')}
FROM (
  SELECT c.cursor FROM changes c INDEXED BY changes_deleted
  WHERE c.folder = @folder AND c.operation = 'delete' AND c.cursor < @before ${also}
    AND NOT EXISTS (
      SELECT 1 FROM changes later INDEXED BY changes_by_node
      WHERE later.folder = @folder AND later.node = c.node AND later.cursor > c.cursor)
    AND NOT EXISTS (
      SELECT 1 FROM changes d INDEXED BY changes_by_node
      WHERE d.folder = @folder AND d.node = c.before_parent AND d.after_kind IS NULL
        AND d.cursor > coalesce((SELECT max(cursor) FROM chain
          WHERE folder = @folder AND cursor < c.cursor), 0)
        AND d.cursor <= (SELECT min(cursor) FROM chain
          WHERE folder = @folder AND cursor >= c.cursor)
        AND NOT EXISTS (
          SELECT 1 FROM changes since INDEXED BY changes_by_node
          WHERE since.folder = @folder AND since.node = d.node AND since.cursor > d.cursor))
  ORDER BY c.cursor DESC LIMIT @limit) page
CROSS JOIN changes r ON r.folder = @folder AND r.cursor = page.cursor
ORDER BY r.cursor DESC`;

function toDeleted(row: Row): DeletedNode {
  const [cursor, node, path, clientId, clientName, time] = row as unknown as Fields;
  const before = toEntry(row, 6);
  if (before === undefined) throw new Error(`The deletion ${cursor} names nothing deleted.`);
  return { cursor, node, path, before, clientId, clientName, time };
}

type Fields = readonly [number, NodeId, string, string, string, number];
