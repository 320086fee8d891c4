import { setTimeout as wait } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Committed } from './commit.ts';
import type { ClientLag } from './measure-lag.ts';
import { lagGauges } from './metrics-lag.ts';
import type { Quarantined } from './ports.ts';

interface Request {
  readonly method: string;
  /** As it was declared, with names for what varies; undefined: there is no such route. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** What the server counts, for `GET /metrics`. Labels are of fixed sets, and of at most a hundred clients: none grows with what others send. */
export interface Metrics {
  connected(): void;
  disconnected(): void;
  /** `type`: a type of the protocol, or `unknown`. */
  message(direction: 'up' | 'down', type: string, count?: number): void;
  /** A code of the protocol's. */
  error(code: string): void;
  /** Bytes of contents and messages. */
  transferred(direction: 'up' | 'down', bytes: number): void;
  committed(committed: Pick<Committed, 'records'>): void;
  /** A stored chunk could not be read back. */
  rotten(reason: Quarantined['reason']): void;
  /** Records of the history went: of versions that are not kept, or of what is too old. */
  removed(why: 'thinned' | 'old', records: number): void;
  /** Bytes of packs that nothing needed went. */
  freed(bytes: number): void;
  request(request: Request): void;
  /** How far all clients are behind, now. */
  lag(lags: readonly ClientLag[]): void;
  readonly contentType: string;
  /** In the Prometheus text format. */
  text(): Promise<string>;
}

/**
 * `ofProcess`: those of memory, event loop and garbage collection too; for one server in a process. They are kept from
 * when somebody first asks: watching the event loop alone wakes the process a hundred times a second.
 */
export function createMetrics({ ofProcess = false } = {}): Metrics {
  const registry = new Registry();
  let isWatched = false;
  const watchProcess = async (): Promise<void> => {
    if (isWatched || !ofProcess) return;
    isWatched = true;
    collectDefaultMetrics({ register: registry, prefix: 'syncer_' });
    await wait(FIRST_LOOK);
  };
  const { connections, opened, messages, errors, bytes, commits, changes, requests, ...kept } =
    own(registry);
  return {
    connected() {
      connections.inc();
      opened.inc();
    },
    disconnected: () => connections.dec(),
    message: (direction, type, count = 1) => messages.inc({ direction, type }, count),
    error: (code) => errors.inc({ code }),
    transferred: (direction, count) => bytes.inc({ direction }, count),
    committed({ records }) {
      commits.inc();
      for (const { operation } of records) changes.inc({ operation });
    },
    rotten: (reason) => kept.rotten.inc({ reason }),
    removed: (why, records) => kept.removed.inc({ why }, records),
    freed: (count) => kept.freed.inc(count),
    request({ method, route = 'none', status, seconds }) {
      requests.observe({ method, route, status }, seconds);
    },
    lag: lagGauges(registry),
    contentType: registry.contentType,
    text: async () => {
      await watchProcess();
      return await registry.metrics();
    },
  };
}

/** Milliseconds until there is something to tell of the event loop. */
const FIRST_LOOK = 30;

/** Seconds: from an answer out of memory to a large upload. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

function own(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `syncer_${name}`, help, labelNames, registers });
  return {
    connections: new Gauge({
      name: 'syncer_connections',
      help: 'WebSockets that are open.',
      registers,
    }),
    opened: counter('connections_total', 'WebSockets that were opened.'),
    messages: counter('messages_total', 'WebSocket messages.', ['direction', 'type']),
    errors: counter('errors_total', 'Requests and messages that were refused or failed.', ['code']),
    bytes: counter('transferred_bytes_total', 'Bytes of contents and messages.', ['direction']),
    commits: counter('commits_total', 'Commits that were stored.'),
    changes: counter('changes_total', 'Changes that were stored.', ['operation']),
    rotten: counter('rotten_chunks_total', 'Stored chunks that could not be read back.', [
      'reason',
    ]),
    removed: counter('history_removed_total', 'Records of the history that were removed.', ['why']),
    freed: counter('freed_bytes_total', 'Bytes of packs that were removed.'),
    requests: new Histogram({
      name: 'syncer_request_seconds',
      help: 'How long requests took.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    }),
  };
}
