import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { tiersOf } from '../protocol/retention.ts';
import type { ServerConfig } from '../protocol/server-config.ts';
import type { Limits } from './accept.ts';
import { createAccess } from './access.ts';
import { createApp } from './app.ts';
import { type Audit, createAudit } from './audit.ts';
import { createBrowserSessions } from './browser-sessions.ts';
import { systemClock } from './clock.ts';
import { type Committed, createCommitter } from './commit.ts';
import { guardReads } from './guard-reads.ts';
import { type Connections, createConnections } from './live/connections.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPacks } from './packs.ts';
import type { Clock, FolderName, MetadataStore, Notifier, ObjectStore } from './ports.ts';
import { createQuarantine } from './quarantine.ts';
import { recheckQuarantine } from './recheck-quarantine.ts';
import { createScrub, type Scrub } from './scrub.ts';
import { cannotListen, cannotStore } from './start-refused.ts';
import { sweep } from './sweep.ts';
import { thinHistory } from './thin-history.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';
import { readVersion } from './version.ts';

/** Where everything is kept. */
export interface Storage {
  readonly metadata: MetadataStore;
  readonly objects: ObjectStore;
  readonly notifier: Notifier;
  /** The last thing of all: afterwards another server may use the same directory. */
  close(): Promise<void>;
}

export interface StartParts {
  /** Takes the directory for this server alone, or throws a sentence for the operator. */
  readonly openStorage: (directory: string) => Promise<Storage>;
  readonly log: Log;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  /** Of the files that the web app was built into. */
  readonly webDirectory?: string | undefined;
}

export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** The real one, where any free one was asked for. */
  readonly port: number;
  /** Finishes what was begun, stores it, tells everybody goodbye. Twice is once. */
  stop(): Promise<void>;
}

const FOLDER: FolderName = 'default';
/** Milliseconds that requests under way have to end when the server stops. */
const PATIENCE = 7_000;

/** A whole server, listening. Throws StartRefused. */
export async function startServer(config: ServerConfig, parts: StartParts): Promise<RunningServer> {
  const storage = await openStorage(config, parts);
  try {
    const services = await createServices(config, parts, storage);
    const { app, connections, audit, upkeep, scrub } = services;
    await listen(app, config);
    for (const service of [connections, audit, upkeep, scrub]) service.run();
    const port = portOf(app);
    const url = `http://${hostInUrl(config.host)}:${port}`;
    tellStart(config, { log: parts.log, url });
    let stopping: Promise<void> | undefined;
    return {
      url,
      port,
      stop: () => {
        stopping ??= stopServices(services, storage);
        return stopping;
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function openStorage(
  { sync_directory: directory }: ServerConfig,
  parts: StartParts,
): Promise<Storage> {
  return parts.openStorage(directory).catch((error: unknown) => {
    throw cannotStore(error, directory);
  });
}

interface Services {
  readonly app: FastifyInstance;
  readonly connections: Connections;
  readonly drain: () => Promise<void>;
  readonly audit: Audit;
  readonly upkeep: Upkeep;
  readonly scrub: Scrub;
}

async function createServices(
  config: ServerConfig,
  { log, clock = systemClock, metrics = createMetrics(), webDirectory }: StartParts,
  { metadata, objects, notifier }: Storage,
): Promise<Services> {
  const { cursor } = await metadata.openFolder(FOLDER, randomUUID());
  const view = { metadata, folder: FOLDER, clock, log };
  const limits = limitsOf(config);
  const access = createAccess(config.api_keys);
  const audit = createAudit(view);
  const onTaken = (): void => connections.urge();
  const quarantine = createQuarantine({ ...view, metrics, onTaken });
  const stored = createPacks({ objects, newName: randomUUID });
  const packs = guardReads(stored, quarantine);
  const onCommitted = (committed: Committed): void => {
    connections.committed(committed);
    recordCommit(committed, { metrics, audit });
  };
  const committer = createCommitter({ ...view, packs, notifier, limits, onCommitted });
  const ports = { ...view, packs, committer, newId: randomUUID };
  const told = { access, log, metrics, audit };
  const liveLimits = {
    heartbeat: config.heartbeat_interval * 1_000,
    messagesPerSecond: config.max_messages_per_second,
    connections: config.max_connections,
  };
  const connections = createConnections({ ...told, ports, notifier, cursor, limits: liveLimits });
  const newToken = (): string => randomBytes(32).toString('base64url');
  const sessions = createBrowserSessions({ clock, newToken });
  const facts = { version: readVersion(), startedAt: clock.now(), config, webDirectory };
  const app = await createApp({
    ...ports,
    ...told,
    ...facts,
    sessions,
    live: connections,
    quarantine,
    limits,
  });
  connections.attach(app.server);
  const recheck = () => recheckQuarantine({ ...view, stored });
  const historyRetentionDays = config.history_retention_days;
  const sweepAll = (signal: AbortSignal) => sweep({ ...view, objects, packs, signal });
  const tiers = config.history_retention && tiersOf(config.history_retention);
  const thin = (signal: AbortSignal) => thinHistory({ ...view, tiers, signal });
  const removing = { recheck, thin, sweep: sweepAll, historyRetentionDays };
  const upkeep = createUpkeep({ ...view, metrics, ...removing });
  const scrub = createScrub({ ...view, packs, quarantine, days: config.scrub_days });
  return { app, connections, audit, upkeep, scrub, drain: () => committer.drain() };
}

const limitsOf = ({ max_file_size, allowed_extensions }: ServerConfig): Limits => ({
  maxFileSize: max_file_size,
  allowedExtensions: allowed_extensions?.map((extension) => extension.toLowerCase()),
});

interface Told {
  readonly metrics: Metrics;
  readonly audit: Audit;
}

function recordCommit({ records }: Committed, { metrics, audit }: Told): void {
  const [first, last] = [records[0], records.at(-1)];
  metrics.committed({ records });
  if (first === undefined || last === undefined) return;
  const detail = `${first.cause}, cursors ${first.cursor} to ${last.cursor}`;
  audit.record({ clientId: first.clientId, action: 'commit', detail });
}

async function listen(app: FastifyInstance, config: ServerConfig): Promise<void> {
  try {
    await app.listen({ host: config.host.replace(/^\[(.*)\]$/, '$1'), port: config.port });
  } catch (error) {
    await app.close();
    throw cannotListen(error, config);
  }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens to no port.');
  return address.port;
}

const hostInUrl = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

function tellStart(config: ServerConfig, { log, url }: { log: Log; url: string }): void {
  log.info({}, `listening on ${url}`);
  if (config.api_keys.length > 0 || LOOPBACK.test(config.host)) return;
  const facts = { host: config.host };
  log.warn(
    facts,
    'no api_keys are set: whoever can reach this host can read and change everything',
  );
}

async function stopServices(services: Services, storage: Storage): Promise<void> {
  const { app, connections, audit, upkeep, scrub, drain } = services;
  // A connection that had a request under way is idle after its answer, and would be kept for the next.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50);
  const impatience = setTimeout(() => app.server.closeAllConnections(), PATIENCE);
  await Promise.all([app.close(), connections.stop()]);
  clearInterval(idle);
  clearTimeout(impatience);
  await drain();
  await Promise.all([upkeep.stop(), scrub.stop()]);
  await audit.stop();
  await storage.notifier.stop();
  await storage.close();
}
