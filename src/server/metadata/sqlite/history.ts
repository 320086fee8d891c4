import type { Database, Statement } from 'better-sqlite3';
import type { MergedInput, Operation } from '../../../core/change.ts';
import type { NodeId } from '../../../core/entry.ts';
import type { ChangeRecord, HistoryQuery, HistoryRecord } from '../../ports.ts';
import { HistorySearch } from './history-search.ts';
import { ENTRY_WIDTH, entryColumns, fromEntry, list, places, type Row, toEntry } from './rows.ts';

const FIELDS =
  'cursor, node, operation, path, old_path, client_id, client_name, time, cause, merged_from';
const FIELD_COUNT = 10;
const RECORD = `${FIELDS}, ${entryColumns('before_')}, ${entryColumns('after_')}`;

/** The history of one folder after another, as one connection sees it. What is removed of it: `versions.ts`. */
export class HistoryTable {
  readonly #insert: Statement;
  readonly #changes: Statement<unknown[], Row>;
  readonly #byCursor: Statement<unknown[], Row>;
  readonly #last: Statement<unknown[], number>;
  readonly #timeAfter: Statement<unknown[], number>;
  readonly #contested: Statement<unknown[], Row>;
  readonly #search: HistorySearch;

  constructor(database: Database) {
    const rows = (sql: string) => database.prepare<unknown[], Row>(sql).raw(true);
    this.#insert = database.prepare(
      `INSERT INTO changes (folder, ${RECORD})
       VALUES (${places(1 + FIELD_COUNT + 2 * ENTRY_WIDTH)})`,
    );
    this.#changes = rows(CHANGES);
    this.#byCursor = rows(`SELECT ${RECORD} FROM changes
      WHERE folder = ? AND cursor IN (SELECT value FROM json_each(?)) ORDER BY cursor DESC`);
    this.#last = database
      .prepare<unknown[], number>('SELECT coalesce(max(cursor), 0) FROM changes WHERE folder = ?')
      .pluck();
    this.#timeAfter = database
      .prepare<unknown[], number>(
        'SELECT time FROM changes WHERE folder = ? AND cursor > ? ORDER BY cursor LIMIT 1',
      )
      .pluck();
    this.#contested = rows(CONTESTED);
    this.#search = new HistorySearch(database);
  }

  add(folder: number, record: HistoryRecord): void {
    const { cursor, node, operation, path, oldPath, clientId, clientName, time, cause } = record;
    const fields = [cursor, node, operation, path, oldPath ?? null, clientId, clientName, time];
    this.#insert.run(
      folder,
      ...fields,
      cause,
      record.mergedFrom === undefined ? null : JSON.stringify(record.mergedFrom),
      ...fromEntry(record.before),
      ...fromEntry(record.after),
    );
  }

  changes(folder: number, { since, until, limit }: Range): ChangeRecord[] {
    return this.#changes.all({ folder, since, until, limit }).map((row) => ({
      cursor: row[0] as number,
      node: row[1] as NodeId,
      entry: toEntry(row, 2),
    }));
  }

  /** Newest first. `living`: the node that is at the path of the query now. */
  find(folder: number, query: HistoryQuery, living: NodeId | undefined): HistoryRecord[] {
    const cursors = this.#search.cursors(folder, query, living);
    return this.#byCursor.all(folder, list(cursors)).map(toRecord);
  }

  /** Nodes that more than one client changed at `since` or later, newest first, whatever they are. */
  contested(folder: number, since: number): Contested[] {
    return this.#contested.all(folder, since).map((row) => {
      const [node, clients, last] = row as [NodeId, string, number];
      return { node, clients: JSON.parse(clients) as string[], last };
    });
  }

  /** The cursor of the newest record. */
  last(folder: number): number {
    return this.#last.get(folder) ?? 0;
  }

  /** Of the first record after a cursor; undefined where there is none. */
  timeAfter(folder: number, cursor: number): number | undefined {
    return this.#timeAfter.get(folder, cursor);
  }
}

interface Range {
  readonly since: number;
  readonly until: number;
  readonly limit: number;
}

export interface Contested {
  readonly node: NodeId;
  readonly clients: string[];
  readonly last: number;
}

const CHANGES = `
SELECT c.cursor, c.node, ${entryColumns('c.after_')} FROM changes c
WHERE c.folder = @folder AND c.cursor > @since AND c.cursor <= @until AND NOT EXISTS (
  SELECT 1 FROM changes later INDEXED BY changes_by_node
  WHERE later.folder = @folder AND later.node = c.node
    AND later.cursor > c.cursor AND later.cursor <= @until)
ORDER BY c.cursor LIMIT @limit`;

const CONTESTED = `
SELECT node, json_group_array(client_id ORDER BY last DESC), time, max(last) AS newest FROM (
  SELECT node, client_id, time, max(cursor) AS last FROM changes INDEXED BY changes_by_time
  WHERE folder = ? AND time >= ? GROUP BY node, client_id)
GROUP BY node HAVING count(*) > 1 ORDER BY newest DESC`;

function toRecord(row: Row): HistoryRecord {
  const [cursor, node, operation, path, oldPath, ...rest] = row as unknown as Fields;
  const [clientId, clientName, time, cause, merged] = rest;
  const before = toEntry(row, FIELD_COUNT);
  const after = toEntry(row, FIELD_COUNT + ENTRY_WIDTH);
  const moved = oldPath === null ? {} : { oldPath };
  const by = { clientId, clientName, time, cause };
  const from = merged === null ? {} : { mergedFrom: JSON.parse(merged) as MergedInput[] };
  return { cursor, node, operation, path, ...moved, ...by, ...from, before, after };
}

type Fields = readonly [
  cursor: number,
  node: NodeId,
  operation: Operation,
  path: string,
  oldPath: string | null,
  clientId: string,
  clientName: string,
  time: number,
  cause: string,
  mergedFrom: string | null,
];
