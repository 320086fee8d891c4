import type { MergedInput } from '../../../core/change.ts';
import type { Manifest } from '../../../core/chunk.ts';
import type { Kind, NodeId } from '../../../core/entry.ts';
import type { Made } from '../../made.ts';
import type { Child, Seen } from '../../ports.ts';
import type { Standing } from '../../standing.ts';
import { prepare, type Row } from './prepare.ts';
import type { Source } from './reading.ts';
import { Recent } from './recent.ts';

/**
 * How many manifests are remembered; an older one is forgotten, and its file cut again when it is
 * needed.
 */
const MANIFESTS = 10_000;

export interface Tables {
  changed(): NodeId[];
  changedCount(): number;
  changedThere(most: number): NodeId[] | undefined;
  childrenSeen(directory: NodeId): Child[];
  nodesWith(checksums: ReadonlySet<string>): NodeId[];
  readonly seen: SeenTable;
  readonly manifests: ManifestTable;
  readonly bases: NodeTable<MergedInput>;
  readonly made: NodeTable<Made>;
  readonly allowed: AllowedTable;
  readonly standing: StandingTable;
}

interface SeenTable {
  get(node: NodeId): Seen | undefined;
  latest(inode: string): NodeId | undefined;
  /** Of all that is in this directory: one question, and not one for each. */
  learnIn(parent: NodeId): void;
  put(node: NodeId, seen: Seen): void;
  remove(node: NodeId): void;
  /** What was put may not be so any more. */
  forget(): void;
}

interface ManifestTable {
  get(checksum: string): Manifest | undefined;
  put(manifest: Manifest): void;
}

/** One thing that is remembered of some nodes. */
interface NodeTable<T> {
  get(node: NodeId): T | undefined;
  set(node: NodeId, value: T | undefined): void;
}

interface AllowedTable {
  all(): ReadonlyMap<NodeId, string>;
  set(node: NodeId, what: string | undefined): void;
}

interface StandingTable {
  get(): Standing;
  set(standing: Standing): void;
}

/** `held`: of what was seen, so much is held in memory. */
export function tablesOf(source: Source, held: number): Tables {
  const changed = prepare(source, 'SELECT id FROM local UNION SELECT id FROM remote');
  const count = prepare(
    source,
    `SELECT (SELECT count(*) FROM remote)
     + (SELECT count(*) FROM local WHERE NOT EXISTS (SELECT 1 FROM remote WHERE remote.id = local.id))`,
  );
  const here = prepare(source, 'SELECT 1 FROM local LIMIT 1');
  const there = prepare(source, 'SELECT id FROM remote ORDER BY turn LIMIT ?');
  // Asked for so seldom that an index, which each write would pay for, is not worth it.
  const contents = prepare(
    source,
    `SELECT id FROM synced
     WHERE checksum IN (SELECT value FROM json_each(?)) ORDER BY turn`,
  );
  return {
    changed: () => changed.column(),
    changedCount: () => Number(count.get()?.[0]),
    changedThere: (most) => (here.get() === undefined ? there.column(most) : undefined),
    childrenSeen: childrenSeen(source),
    nodesWith: (checksums) => contents.column(JSON.stringify([...checksums])),
    seen: seenTable(source, held),
    manifests: manifestTable(source),
    bases: nodeTable(source, 'base'),
    made: nodeTable(source, 'made'),
    allowed: allowedTable(source),
    standing: standingTable(source),
  };
}

function childrenSeen(source: Source): Tables['childrenSeen'] {
  const ofTable = (table: string, where = ''): string => `
    SELECT id, name, kind, inode, fingerprint FROM ${table} LEFT JOIN seen ON seen.node = id
    WHERE parent = ?${where}`;
  const elsewhere = ' AND NOT EXISTS (SELECT 1 FROM local WHERE local.id = synced.id)';
  const query = prepare(source, `${ofTable('synced', elsewhere)} UNION ALL ${ofTable('local')}`);
  return (directory) => query.all(directory, directory).map(childOf);
}

function childOf(row: Row): Child {
  const [node, name, kind, inode, fingerprint] = row as [string, string, Kind, Text, Text];
  const seen = inode === null || fingerprint === null ? undefined : { inode, fingerprint };
  return { node, name, kind, seen };
}

function seenTable(source: Source, held: number): SeenTable {
  const get = prepare(source, 'SELECT inode, fingerprint FROM seen WHERE node = ?');
  const latest = prepare(
    source,
    'SELECT node FROM seen WHERE inode = ? ORDER BY turn DESC LIMIT 1',
  );
  const put = prepare(
    source,
    'INSERT OR REPLACE INTO seen (node, inode, fingerprint) VALUES (?, ?, ?)',
  );
  const remove = prepare(source, 'DELETE FROM seen WHERE node = ?');
  // In this order: else the planner may read all that was ever seen.
  const ofTable = (table: string): string => `
    SELECT node, inode, fingerprint FROM ${table} CROSS JOIN seen ON seen.node = ${table}.id
    WHERE ${table}.parent = ?`;
  const within = prepare(source, `${ofTable('synced')} UNION ALL ${ofTable('local')}`);
  const recent = new Recent<NodeId, Seen | undefined>(held);
  const load = (node: NodeId): Seen | undefined => {
    const [inode, fingerprint] = (get.get(node) ?? []) as [string?, string?];
    return inode === undefined || fingerprint === undefined ? undefined : { inode, fingerprint };
  };
  return {
    get: (node) => recent.get(node, load),
    latest: (inode) => latest.column(inode)[0],
    learnIn: (parent) => {
      for (const row of within.all(parent, parent)) {
        const [node, inode, fingerprint] = row as [string, string, string];
        recent.set(node, { inode, fingerprint });
      }
    },
    put: (node, { inode, fingerprint }) => {
      put.run(node, inode, fingerprint);
      recent.set(node, { inode, fingerprint });
    },
    remove: (node) => {
      remove.run(node);
      recent.set(node, undefined);
    },
    forget: () => recent.clear(),
  };
}

function manifestTable(source: Source): ManifestTable {
  const get = prepare(source, 'SELECT manifest FROM manifest WHERE checksum = ?');
  const put = prepare(source, 'INSERT OR REPLACE INTO manifest (checksum, manifest) VALUES (?, ?)');
  const forget = prepare(
    source,
    `DELETE FROM manifest WHERE turn <= (SELECT max(turn) FROM manifest) - ${MANIFESTS}`,
  );
  return {
    get: (checksum) => {
      const text = get.column(checksum)[0];
      return text === undefined ? undefined : (JSON.parse(text) as Manifest);
    },
    put: ({ checksum, size, chunks }) => {
      const plain = chunks.map((chunk) => ({ hash: chunk.hash, size: chunk.size }));
      put.run(checksum, JSON.stringify({ checksum, size, chunks: plain }));
      forget.run();
    },
  };
}

/** Of a table whose one column beside the node has the table's name. */
function nodeTable<T>(source: Source, name: 'base' | 'made'): NodeTable<T> {
  const get = prepare(source, `SELECT ${name} FROM ${name} WHERE node = ?`);
  const put = prepare(source, `INSERT OR REPLACE INTO ${name} (node, ${name}) VALUES (?, ?)`);
  const remove = prepare(source, `DELETE FROM ${name} WHERE node = ?`);
  return {
    get: (node) => {
      const text = get.column(node)[0];
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    set: (node, value) =>
      value === undefined ? remove.run(node) : put.run(node, JSON.stringify(value)),
  };
}

function allowedTable(source: Source): AllowedTable {
  const nodes = prepare(source, 'SELECT node FROM allowed ORDER BY node');
  const whats = prepare(source, 'SELECT what FROM allowed ORDER BY node');
  const put = prepare(source, 'INSERT OR REPLACE INTO allowed (node, what) VALUES (?, ?)');
  const remove = prepare(source, 'DELETE FROM allowed WHERE node = ?');
  return {
    all: () => {
      const found = whats.column();
      return new Map(nodes.column().map((node, at) => [node, found[at] ?? '']));
    },
    set: (node, what) => (what === undefined ? remove.run(node) : put.run(node, what)),
  };
}

type Text = string | null;
type Count = number | null;
type StandingRow = [string, string, Text, number, Count, Text, Count, Text, Text, Text, Text];

const STANDING = [
  ...['instance', 'client_id', 'epoch', 'cursor', 'pulling_until'],
  ...['known_epoch', 'known_cursor', 'known_chain', 'server', 'token', 'next_token'],
];

function standingTable(source: Source): StandingTable {
  const get = prepare(source, `SELECT ${STANDING.join(', ')} FROM standing`);
  const columns = STANDING.map((column) => `${column} = ?`).join(', ');
  const set = prepare(source, `UPDATE standing SET ${columns}`);
  return {
    get: () => standingOf(get.get() as unknown as StandingRow),
    set: ({ instance, clientId, epoch, cursor, pulling, known, server, token, nextToken }) =>
      set.run(
        ...[instance, clientId, epoch ?? null, cursor, pulling?.until ?? null],
        ...[known?.epoch ?? null, known?.cursor ?? null, known?.chain ?? null],
        ...[server ?? null, token ?? null, nextToken ?? null],
      ),
  };
}

function standingOf(row: StandingRow): Standing {
  const [instance, clientId, epoch, cursor, until, ...rest] = row;
  const [knownEpoch, knownCursor, chain, server, token, nextToken] = rest;
  const isKnown = knownEpoch !== null && knownCursor !== null && chain !== null;
  return {
    clientId,
    instance,
    epoch: epoch ?? undefined,
    cursor,
    pulling: until === null ? undefined : { until },
    known: isKnown ? { epoch: knownEpoch, cursor: knownCursor, chain } : undefined,
    server: server ?? undefined,
    token: token ?? undefined,
    nextToken: nextToken ?? undefined,
  };
}
