import type { Database, Statement } from 'better-sqlite3';
import type { Operation } from '../../../core/change.ts';
import type { HeldVersion } from '../../../core/thin.ts';
import { type CommitLink, isFixed, type VersionMark } from '../../thinned.ts';
import { list } from './rows.ts';

/** What is removed from the history, as one connection sees it; of which commits, the chain keeps count. */
export class VersionsTable {
  readonly #page: Statement<unknown[], VersionRow>;
  readonly #remove: Statement<unknown[], number>;
  readonly #prune: Statement<unknown[], number>;
  readonly #count: Statement;
  readonly #commits: Statement<unknown[], [number, number, Buffer, number]>;

  constructor(database: Database) {
    this.#page = database.prepare<unknown[], VersionRow>(PAGE).raw(true);
    this.#remove = database.prepare<unknown[], number>(REMOVE).pluck();
    this.#prune = database.prepare<unknown[], number>(PRUNE).pluck();
    this.#count = database.prepare(COUNT);
    this.#commits = database
      .prepare<unknown[], [number, number, Buffer, number]>(COMMITS)
      .raw(true);
  }

  page(folder: number, { after, limit }: Page): HeldVersion[] {
    const rows = this.#page.all({ folder, ...(after ?? FIRST), limit });
    return rows.map(([node, cursor, time, clientId, operation, isMerge]) => {
      return { node, cursor, time, clientId, isFixed: isFixed(operation, isMerge === 1) };
    });
  }

  /** But no node's last one. */
  remove(folder: number, cursors: readonly number[]): number {
    return this.#noted(folder, this.#remove.all({ folder, cursors: list(cursors) }));
  }

  /**
   * Removes, of the records within the cursors, those older than `before` that another one of the
   * same node, older than `before` too, follows. So every snapshot since then stays whole.
   */
  prune(folder: number, { after, until, before }: Pruning): number {
    return this.#noted(folder, this.#prune.all({ folder, after, until, before }));
  }

  #noted(folder: number, removed: readonly number[]): number {
    for (const cursor of removed) this.#count.run({ folder, cursor });
    return removed.length;
  }

  commits(folder: number, before: number, limit: number): CommitLink[] {
    return this.#commits.all({ folder, before, limit }).map(([last, previous, hash, removed]) => {
      return { first: previous + 1, last, chain: hash.toString('hex'), removed };
    });
  }
}

interface Page {
  readonly after: VersionMark | undefined;
  readonly limit: number;
}

interface Pruning {
  /** Cursors: those after the one, up to the other. */
  readonly after: number;
  readonly until: number;
  /** Milliseconds since 1970. */
  readonly before: number;
}

type VersionRow = readonly [
  node: string,
  cursor: number,
  time: number,
  clientId: string,
  operation: Operation,
  isMerge: number,
];

/** Before every node in the order of the pages: no id is greater. */
const FIRST: VersionMark = { node: '\u{10ffff}', cursor: 0 };

const PAGE = `
SELECT node, cursor, time, client_id, operation, merged_from IS NOT NULL
FROM changes INDEXED BY changes_by_node
WHERE folder = @folder AND (node, cursor) < (@node, @cursor)
ORDER BY node DESC, cursor DESC LIMIT @limit`;

const REMOVE = `
DELETE FROM changes
WHERE folder = @folder AND cursor IN (SELECT value FROM json_each(@cursors)) AND EXISTS (
  SELECT 1 FROM changes later INDEXED BY changes_by_node
  WHERE later.folder = @folder AND later.node = changes.node AND later.cursor > changes.cursor)
RETURNING cursor`;

const PRUNE = `
DELETE FROM changes
WHERE folder = @folder AND cursor > @after AND cursor <= @until AND time < @before AND EXISTS (
  SELECT 1 FROM changes later INDEXED BY changes_by_node
  WHERE later.folder = @folder AND later.node = changes.node
    AND later.cursor > changes.cursor AND later.time < @before)
RETURNING cursor`;

const COUNT = `
UPDATE chain SET removed = removed + 1 WHERE folder = @folder AND cursor = (
  SELECT min(cursor) FROM chain WHERE folder = @folder AND cursor >= @cursor)`;

const COMMITS = `
SELECT c.cursor, coalesce((
  SELECT max(p.cursor) FROM chain p WHERE p.folder = @folder AND p.cursor < c.cursor), 0),
  c.hash, c.removed
FROM chain c WHERE c.folder = @folder AND c.cursor < @before
ORDER BY c.cursor DESC LIMIT @limit`;
