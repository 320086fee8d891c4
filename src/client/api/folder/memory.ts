import { createHash, randomUUID } from 'node:crypto';
import { type Applied, operationOf } from '../../../core/change.ts';
import { difference, type Step } from '../../../core/difference.ts';
import { type NodeId, ROOT, type Versioned } from '../../../core/entry.ts';
import { offerOf } from '../../../core/offer.ts';
import { orderOffer } from '../../../core/order-offer.ts';
import { below, MemoryTree, nodeAt, pathOf } from '../../../core/tree.ts';
import type { Lag, LagQuery } from '../../../protocol/client-info.ts';
import { FAILURES, type FailureCode } from '../../../protocol/failure.ts';
import {
  type HistoryQuery,
  type HistoryRecord,
  historyToWire,
  replacedBy,
} from '../../../protocol/history.ts';
import { LINES } from '../../../protocol/limits.ts';
import type { Deleted, HeldContent, RewindStep, Rewound } from '../../../protocol/rewind.ts';
import { msToTime, timeToMs } from '../../../protocol/time.ts';
import type { FolderApi } from '../../folder-api.ts';
import { ApiFailure } from '../../ports.ts';
import type { MemoryServer } from '../memory.ts';

export interface MemoryFolderOptions {
  readonly clientId: string;
  readonly clientName: string;
}

const failure = (code: FailureCode): ApiFailure =>
  new ApiFailure(code, FAILURES[code].meaning, { retry: FAILURES[code].retry });

/** The server in memory, for commands. A restored node keeps its id; where its name is taken, it is a conflict. */
export function memoryFolder(server: MemoryServer, options: MemoryFolderOptions): FolderApi {
  const folder = new MemoryFolder(server, options);
  return {
    history: async (query) => folder.history(query).map(historyToWire),
    nodeAt: async (path) => nodeAt(server.tree, path.split('/')),
    clients: async () => folder.clients(),
    lag: async (query) => folder.lag(query),
    trash: async (query) => folder.trash(query),
    restore: async ({ node, version }) => folder.restore(node, version),
    rewind: async ({ path = '', to, dry_run: dryRun = false }) =>
      folder.rewind({ path, to, dryRun }),
    present: async () => ({ epoch: server.epoch, cursor: server.cursor }),
    taken: async () => ({ maxFileSize: server.maxFileSize, allowedExtensions: undefined }),
    content: async (checksum) => {
      const bytes = server.chunks.get(checksum)?.bytes;
      return bytes && createHash('sha256').update(bytes).digest('hex') === checksum
        ? bytes
        : undefined;
    },
  };
}

class MemoryFolder {
  readonly #server: MemoryServer;
  readonly #me: MemoryFolderOptions;

  constructor(server: MemoryServer, me: MemoryFolderOptions) {
    this.#server = server;
    this.#me = me;
  }

  history(query: HistoryQuery): HistoryRecord[] {
    const { path, node, client_id: client, since, before = Number.POSITIVE_INFINITY } = query;
    const from = since === undefined ? Number.NEGATIVE_INFINITY : timeToMs(since);
    const records = this.#records();
    const there = path === undefined ? undefined : nodesAt(records, path);
    const living = path === undefined ? undefined : nodeAt(this.#server.tree, path.split('/'));
    const isAsked = (one: HistoryRecord): boolean =>
      one.cursor < before &&
      one.time >= from &&
      (node === undefined || one.node === node) &&
      (client === undefined || one.clientId === client) &&
      (path === undefined ||
        there?.has(one.node) === true ||
        one.node === living ||
        [one.path, one.oldPath].some((at) => at?.startsWith(`${path}/`)));
    return records
      .filter(isAsked)
      .reverse()
      .slice(0, query.limit ?? LINES);
  }

  /** Every change there was, oldest first. */
  #records(): HistoryRecord[] {
    const tree = new MemoryTree<Versioned>();
    return this.#server.backUp().map(({ cursor, node, entry: after }) => {
      const before = tree.get(node);
      const was = pathOf(tree, node)?.join('/') ?? '';
      tree.set(node, after);
      const path = after === undefined ? was : (pathOf(tree, node)?.join('/') ?? '');
      const operation = operationOf({ before, after });
      const { clientId = '', clientName = '', time = 0 } = this.#server.made.get(cursor) ?? {};
      const mergedFrom = this.#server.mergedFrom.get(cursor);
      const step = { cursor, node, before, after, operation, path };
      return {
        ...{ ...step, clientId, clientName, time, cause: 'sync' },
        ...(operation === 'move' && { oldPath: was }),
        ...(mergedFrom && { mergedFrom }),
      };
    });
  }

  clients(): Awaited<ReturnType<FolderApi['clients']>> {
    const known = new Map([...this.#server.made.values()].map((one) => [one.clientId, one]));
    return [...known.values()].map(({ clientId, clientName, time }) => ({
      ...{ client_id: clientId, name: clientName, sync_root: '/', last_seen: msToTime(time) },
      ...{ is_online: false, cursor: 0 },
    }));
  }

  /** Nobody is connected here, and nobody tells how far they are. */
  lag({ cursor = this.#server.cursor, connected = false }: LagQuery): Lag {
    const lacking = cursor > 0 && !connected ? this.clients() : [];
    const clients = lacking.map((one) => ({ ...one, lag_changes: this.#server.cursor }));
    return { epoch: this.#server.epoch, cursor, behind: clients.length, clients };
  }

  trash({ path, before }: { readonly path?: string; readonly before?: number }) {
    const deleted = this.history({ ...(path && { path }), ...(before && { before }), limit: 1e9 })
      .filter(({ operation, node }) => operation === 'delete' && !this.#server.tree.get(node))
      .map((record) => deletedOf(record));
    return { deleted, next: null };
  }

  async restore(node: NodeId, version: number) {
    const record = this.#records().find((one) => one.cursor === version && one.node === node);
    if (record === undefined) throw failure('not_found');
    const { tree } = this.#server;
    const there = tree.get(node);
    const held = record.after ?? record.before;
    if (held === undefined) throw failure('not_found');
    const target = new MemoryTree<Versioned>(tree.entries());
    target.set(node, there === undefined ? held : { ...held, ...placeOf(there) });
    const made = await this.#make(target, [node]);
    const path = pathOf(tree, node)?.join('/') ?? '';
    return { path, restored: made === undefined ? 0 : 1, ...made };
  }

  async rewind(wish: {
    readonly path: string;
    readonly to: number | string;
    readonly dryRun: boolean;
  }): Promise<Rewound> {
    const to = this.#cursorAt(wish.to);
    const { tree, cursor: from } = this.#server;
    const then = new MemoryTree<Versioned>();
    for (const { cursor, node, entry } of this.#server.backUp())
      if (cursor <= to) then.set(node, entry);
    const names = wish.path === '' ? [] : wish.path.split('/');
    const nodes = [tree, then].flatMap((one) => nodesIn(one, names));
    if (nodes.length === 0 && names.length > 0) throw failure('not_found');
    const target = new MemoryTree<Versioned>(tree.entries());
    for (const node of nodes) target.set(node, then.get(node));
    const steps = difference(tree, target, new Set(nodes));
    const shown = steps.map((step) => stepOf(step, { tree, target }));
    const made = wish.dryRun ? undefined : await this.#make(target, nodes);
    const count = (operation: RewindStep['operation']): number =>
      shown.filter((step) => step.operation === operation).length;
    return {
      ...{ to, from, steps: shown.slice(0, 1000), ...made },
      ...{ creates: count('create'), updates: count('update') },
      ...{ moves: count('move'), deletes: count('delete') },
    };
  }

  #cursorAt(to: number | string): number {
    if (typeof to === 'number') return to;
    const made = [...this.#server.made].filter(([, { time }]) => time <= timeToMs(to));
    return Math.max(0, ...made.map(([cursor]) => cursor));
  }

  /** Commits what leads there; undefined where nothing does. */
  async #make(target: MemoryTree<Versioned>, nodes: Iterable<NodeId>) {
    const { tree } = this.#server;
    const steps = orderOffer(difference(tree, target, new Set(nodes)), { remote: tree, target });
    const changes = steps.flat().map(offerOf);
    if (changes.length === 0) return undefined;
    const { clientId, clientName } = this.#me;
    const api = this.#server.api(clientId, clientName);
    const answer = await api.commit({ key: randomUUID(), changes, manifests: [], chunks: [] });
    if (answer.type !== 'accepted') throw failure('conflict');
    return { first: Math.min(...answer.cursors), last: Math.max(...answer.cursors) };
  }
}

const placeOf = ({ parent, name }: Versioned) => ({ parent, name });

const nodesAt = (records: readonly HistoryRecord[], path: string): Set<NodeId> =>
  new Set(records.flatMap((one) => (one.path === path || one.oldPath === path ? [one.node] : [])));

/** What is at a path, and everything below it. */
function nodesIn(tree: MemoryTree<Versioned>, names: readonly string[]): NodeId[] {
  const top = names.length === 0 ? ROOT : nodeAt(tree, names);
  if (top === undefined) return [];
  return [...(top === ROOT ? [] : [top]), ...below(tree, top)];
}

function deletedOf(record: HistoryRecord): Deleted {
  const { node, path, kind, time, client_id, client_name, checksum, size } = historyToWire(record);
  const held = checksum === undefined || size === undefined ? {} : { checksum, size };
  return { node, version: record.cursor, path, kind, ...held, time, client_id, client_name };
}

function stepOf(
  { node, before, after }: Step<Versioned>,
  { tree, target }: Record<'tree' | 'target', MemoryTree<Versioned>>,
): RewindStep {
  const [was, is] = [tree, target].map((one) => pathOf(one, node)?.join('/'));
  const operation = operationOf({ before, after });
  const applied: Applied = { cursor: 0, node, before, after: target.get(node) };
  const replaced = replacedBy(applied);
  const content = contentOf(after);
  return {
    ...{ node, operation, kind: (after ?? before)?.kind ?? 'file', path: is ?? was ?? '' },
    ...(operation === 'move' && was !== undefined && { old_path: was }),
    ...(content && { content }),
    ...(replaced && { replaced }),
  };
}

const contentOf = (entry: Step['after']): HeldContent | undefined =>
  entry?.kind === 'file' ? { checksum: entry.checksum, size: entry.size } : undefined;
