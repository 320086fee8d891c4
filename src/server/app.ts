import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { MAX_REQUEST } from '../protocol/limits.ts';
import type { ServerConfig } from '../protocol/server-config.ts';
import type { Limits } from './accept.ts';
import type { Access } from './access.ts';
import { answerBadUrl, answerFailures, answerNonsense } from './answer-failures.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import type { FolderPorts } from './commit-by-path.ts';
import { guardRequests } from './guard-requests.ts';
import type { Reached } from './live/connection.ts';
import type { GivenWord, HeldBy } from './live/holds.ts';
import type { Quarantine } from './quarantine.ts';
import { type Recorders, recordRequests } from './record-requests.ts';
import { addRoutes } from './routes/add-routes.ts';
import type { ChunkPorts } from './store-chunks.ts';

/** What the HTTP side asks of the live connections, and tells them. */
export interface Live {
  /** A client was registered: the others are told. */
  joined(client: { readonly clientId: string; readonly name: string }): void;
  isOnline(clientId: string): boolean;
  /** What clients ask a person about. */
  held(): readonly HeldBy[];
  /** Keeps the word and tells it; answers false where the client holds nothing of that id. */
  giveWord(word: GivenWord): boolean;
  /** How far a client's disk is; undefined: it is not connected, or keeps no directory. */
  reached(clientId: string): Reached | undefined;
  /** Whoever lacks something up to this cursor is asked to say so as soon as it has it. */
  wantApplied(cursor: number): void;
  /** Forgets what a client holds, closes its connections, if it has any, and resolves when they are gone and nothing of them is written any more. */
  dismiss(clientId: string): Promise<void>;
  /** How many are open. */
  readonly connections: number;
}

export type ShownConfig = Pick<
  ServerConfig,
  | 'history_retention'
  | 'history_retention_days'
  | 'scrub_days'
  | 'heartbeat_interval'
  | 'max_connections'
  | 'max_messages_per_second'
>;

export interface AppParts extends FolderPorts, ChunkPorts, Recorders {
  readonly access: Access;
  readonly sessions: BrowserSessions;
  readonly live: Live;
  readonly quarantine: Quarantine;
  readonly limits: Limits;
  /** What of it people may see, and nothing else has. */
  readonly config: ShownConfig;
  /** Of the files that the web app was built into; undefined: there are none. */
  readonly webDirectory?: string | undefined;
  /** Of the program. */
  readonly version: string;
  /** Milliseconds since 1970: when the server was started. */
  readonly startedAt: number;
  /** Of one client's address. Default: 2,000. */
  readonly requestsPerSecond?: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The HTTP side of the server: everything but the WebSocket. It listens to nothing until it is told to. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    bodyLimit: MAX_REQUEST,
    // A path of 4,096 bytes with every one of them written in three, and the other headers.
    http: { maxHeaderSize: 32 * 1024, headersTimeout: 30 * SECOND },
    routerOptions: { maxParamLength: 3 * 4096 },
    // A connection on which nothing moves, be it a reader or a writer that stalled (F18, F20).
    connectionTimeout: 2 * MINUTE,
    keepAliveTimeout: 75 * SECOND,
    requestTimeout: 30 * MINUTE,
    return503OnClosing: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerNonsense,
  });
  app.removeContentTypeParser('text/plain');
  await app.register(helmet, SECURITY_HEADERS);
  recordRequests(app, parts);
  answerFailures(app, parts);
  await guardRequests(app, {
    access: parts.access,
    sessions: parts.sessions,
    requestsPerSecond: parts.requestsPerSecond ?? 2000,
  });
  await addRoutes(app, parts);
  return app;
}

/** Nothing that is answered is a page, but for few, which say so themselves: a browser shall run nothing of it (F29). */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], sandbox: [] },
  },
  // Whether there is TLS is known to the proxy in front, not here.
  strictTransportSecurity: false,
};
