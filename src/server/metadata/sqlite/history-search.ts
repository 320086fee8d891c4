import type { Database, Statement } from 'better-sqlite3';
import type { NodeId } from '../../../core/entry.ts';
import type { HistoryQuery } from '../../ports.ts';
import { list } from './rows.ts';

/**
 * Which records answer a query. Indexes are named: left to choose, SQLite may walk the whole history
 * by its key, for it does not know that there is only one folder.
 */
export class HistorySearch {
  readonly #nodesAt: Statement<unknown[], NodeId>;
  readonly #plain: Searches;
  readonly #filtered: Searches;

  constructor(database: Database) {
    this.#nodesAt = database.prepare<unknown[], NodeId>(NODES_AT).pluck();
    this.#plain = prepareSearches(database, '');
    this.#filtered = prepareSearches(database, FILTER);
  }

  /** The newest cursors, newest first. `living`: the node that is at the path of the query now. */
  cursors(folder: number, query: HistoryQuery, living: NodeId | undefined): number[] {
    // Each search gives its newest `limit`, so together they hold the newest `limit` of all.
    const found = new Set(this.#search(folder, query, living));
    return [...found].sort((a, b) => b - a).slice(0, query.limit);
  }

  #search(folder: number, query: HistoryQuery, living: NodeId | undefined): number[] {
    const { path = '', node, clientId, since } = query;
    const asked = parameters(folder, query);
    const filters = [node, clientId, since].filter((one) => one !== undefined).length;
    if (path !== '') {
      const nodes = this.#nodesAt.all(folder, path, folder, path);
      const there = { ...asked, nodes: list(living === undefined ? nodes : [...nodes, living]) };
      const { nodes: atPath, under, movedFromUnder } = this.#searches(filters > 0);
      return [atPath, under, movedFromUnder].flatMap((search) => search.all(there));
    }
    const by = this.#searches(filters > 1);
    if (node !== undefined) return by.nodes.all({ ...asked, nodes: list([node]) });
    if (clientId !== undefined) return by.client.all(asked);
    return (since === undefined ? by.all : by.since).all(asked);
  }

  /** Without a filter an index is all that a search reads. */
  #searches = (filtered: boolean): Searches => (filtered ? this.#filtered : this.#plain);
}

type Search = Statement<[Record<string, unknown>], number>;
type Searches = Readonly<Record<keyof typeof SEARCHES, Search>>;

/** Names under a path are those from `path/` up to, but not with, `path0`: `0` is what follows `/`. */
const SEARCHES = {
  all: 'changes c WHERE c.folder = @folder',
  since: 'changes c INDEXED BY changes_by_time WHERE c.folder = @folder AND c.time >= @since',
  client: `changes c INDEXED BY changes_by_client
    WHERE c.folder = @folder AND c.client_id = @client`,
  nodes: `json_each(@nodes) j CROSS JOIN changes c INDEXED BY changes_by_node
    ON c.folder = @folder AND c.node = j.value WHERE true`,
  under: `changes c INDEXED BY changes_by_path
    WHERE c.folder = @folder AND c.path >= @path || '/' AND c.path < @path || '0'`,
  movedFromUnder: `changes c INDEXED BY changes_by_old_path
    WHERE c.folder = @folder AND c.old_path >= @path || '/' AND c.old_path < @path || '0'`,
} as const;

const FILTER = `AND (@node IS NULL OR c.node = @node)
  AND (@client IS NULL OR c.client_id = @client) AND (@since IS NULL OR c.time >= @since)`;

const NODES_AT = `
SELECT node FROM changes INDEXED BY changes_by_path WHERE folder = ? AND path = ?
UNION
SELECT node FROM changes INDEXED BY changes_by_old_path WHERE folder = ? AND old_path = ?`;

function prepareSearches(database: Database, filter: string): Searches {
  const search = (from: string): Search =>
    database
      .prepare<[Record<string, unknown>], number>(
        `SELECT c.cursor FROM ${from} AND c.cursor < @before ${filter}
         ORDER BY c.cursor DESC LIMIT @limit`,
      )
      .pluck();
  return {
    all: search(SEARCHES.all),
    since: search(SEARCHES.since),
    client: search(SEARCHES.client),
    nodes: search(SEARCHES.nodes),
    under: search(SEARCHES.under),
    movedFromUnder: search(SEARCHES.movedFromUnder),
  };
}

const parameters = (folder: number, query: HistoryQuery): Record<string, unknown> => ({
  folder,
  before: query.before ?? Number.MAX_SAFE_INTEGER,
  limit: query.limit,
  path: query.path ?? '',
  node: query.node ?? null,
  client: query.clientId ?? null,
  since: query.since ?? null,
});
