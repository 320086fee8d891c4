import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Failure } from '../../protocol/failure.ts';
import { MAX_MESSAGE } from '../../protocol/limits.ts';
import type { Access } from '../access.ts';
import type { Audit } from '../audit.ts';
import type { Committed } from '../commit.ts';
import type { FolderPorts } from '../commit-by-path.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Notifier } from '../ports.ts';
import { Connection, type Reached } from './connection.ts';
import { FanOut } from './fan-out.ts';
import { type GivenWord, type HeldBy, Holds } from './holds.ts';
import { judgeUpgrade } from './judge-upgrade.ts';
import { SeenKeeper } from './keep-seen.ts';
import { Roster } from './roster.ts';
import { Session, type SessionParts } from './session.ts';
import { Vigil, type VigilLimits } from './vigil.ts';

export interface ConnectionsParts {
  readonly ports: FolderPorts;
  readonly notifier: Notifier;
  readonly access: Access;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly audit: Pick<Audit, 'record'>;
  readonly limits: VigilLimits & { readonly connections: number };
  /** Of the folder, now. */
  readonly cursor: number;
}

/** The WebSockets of all clients. */
export interface Connections {
  /** Takes the server's requests for `/ws/{client_id}`; may be called for several servers. */
  attach(server: Server): void;
  /** Heartbeats and deadlines, until it is stopped. */
  run(): void;
  /** Tells the others of a commit. Never throws. */
  committed(committed: Committed): void;
  /** Tells the others of a client that registered. */
  joined(client: { readonly clientId: string; readonly name: string }): void;
  /** Tells the engines to ask what is new, and what is wanted of them. Never throws. */
  urge(): void;
  isOnline(clientId: string): boolean;
  /** What clients ask a person about. */
  held(): readonly HeldBy[];
  /** Keeps the word and tells it, at once or when the client connects; answers false where it holds nothing of that id. */
  giveWord(word: GivenWord): boolean;
  /** How far a client's disk is; undefined: it is not connected, or keeps no directory. */
  reached(clientId: string): Reached | undefined;
  /** Whoever lacks something up to this cursor is asked to say so as soon as it has it. */
  wantApplied(cursor: number): void;
  /** Forgets what this client holds, closes all of its connections with 4001, and resolves when they are gone and nothing of them is written any more. */
  dismiss(clientId: string): Promise<void>;
  /** How many are open. */
  readonly connections: number;
  /** Closes all with 1001, and resolves when they are gone. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks at all connections, at most. */
const TICK = 1_000;
/** Milliseconds between two looks at the folder's cursor: a notice of another process may never come (E19). */
const ASK = 10_000;
/** Milliseconds that the other side has to agree to an end. */
const CLOSE_TIMEOUT = 3_000;
const GOING_AWAY = 1001;
/** Of the range that is left to programs: somebody removed the client. */
const REMOVED = 4001;

const OPTIONS = {
  noServer: true,
  clientTracking: false,
  // It would cost half a MiB for each connection, and lets a small message become a large one (F12).
  perMessageDeflate: false,
  maxPayload: MAX_MESSAGE,
  closeTimeout: CLOSE_TIMEOUT,
};

export function createConnections(parts: ConnectionsParts): Connections {
  const live = new LiveConnections(parts);
  return live;
}

class LiveConnections implements Connections {
  readonly #parts: ConnectionsParts;
  readonly #webSockets = new WebSocketServer(OPTIONS);
  readonly #roster: Roster;
  readonly #fanOut: FanOut;
  readonly #holds = new Holds();
  readonly #session: SessionParts;
  readonly #sessions = new Set<Session>();
  readonly #ending = new AbortController();
  readonly #stopListening: () => void;
  #running = Promise.resolve();

  constructor(parts: ConnectionsParts) {
    const { ports, metrics, cursor, notifier, log } = parts;
    const { clock } = ports;
    this.#parts = parts;
    this.#roster = new Roster({ clock, metrics });
    this.#fanOut = new FanOut({ roster: this.#roster, clock, metrics, cursor });
    const seen = new SeenKeeper({ ...ports, log });
    const told = { roster: this.#roster, fanOut: this.#fanOut, holds: this.#holds };
    this.#session = { ...parts, ...ports, ...told, seen };
    this.#stopListening = notifier.listen((folder, reached) => {
      if (folder === ports.folder) this.#fanOut.noticed(reached);
    });
  }

  get connections(): number {
    return this.#roster.open.size;
  }

  isOnline(clientId: string): boolean {
    return this.#roster.isOnline(clientId);
  }

  held(): readonly HeldBy[] {
    return this.#holds.all();
  }

  giveWord(word: GivenWord): boolean {
    if (!this.#holds.give(word)) return false;
    const words = this.#holds.wordsFor(word.clientId);
    if (words !== undefined) this.#roster.member(word.clientId)?.say({ type: 'word', data: words });
    this.#fanOut.heldChanged();
    return true;
  }

  reached(clientId: string): Reached | undefined {
    return this.#roster.reached(clientId);
  }

  wantApplied(cursor: number): void {
    this.#fanOut.wantApplied(cursor);
  }

  async dismiss(clientId: string): Promise<void> {
    if (this.#holds.forget(clientId)) this.#fanOut.heldChanged();
    const theirs = [...this.#sessions].filter(({ connection }) => connection.clientId === clientId);
    await Promise.all(theirs.map((session) => session.end(REMOVED, 'removed')));
    await this.#session.seen.drain();
  }

  joined(client: { readonly clientId: string; readonly name: string }): void {
    this.#roster.register(client);
  }

  urge(): void {
    try {
      this.#fanOut.urge();
    } catch (err) {
      this.#parts.log.error({ err }, 'the clients could not be told to ask');
    }
  }

  committed(committed: Committed): void {
    try {
      this.#fanOut.committed(committed);
    } catch (err) {
      // It is stored; whoever was not told will be told of the next one, and ask.
      this.#parts.log.error({ err }, 'a commit could not be told of');
    }
  }

  attach(server: Server): void {
    server.on('upgrade', (request, stream, head) => this.#upgrade({ request, stream, head }));
  }

  #upgrade({ request, stream, head }: Upgrade): void {
    const judged = this.#isFull ? new Failure('unavailable') : judgeUpgrade(request);
    if (judged instanceof Failure) {
      this.#recordRefused(judged, request);
      refuse(stream, judged);
      return;
    }
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      this.#open(socket, { clientId: judged.clientId, request, stream });
    });
  }

  #recordRefused({ code }: Failure, request: IncomingMessage): void {
    const { audit, metrics } = this.#parts;
    const detail = `${code}, from ${addressOf(request)}`;
    metrics.error(code);
    audit.record({ clientId: undefined, action: 'refused', detail });
  }

  get #isFull(): boolean {
    return this.#ending.signal.aborted || this.connections >= this.#parts.limits.connections;
  }

  #open(socket: WebSocket, { clientId, request, stream }: Asked): void {
    const { access, metrics, ports, limits } = this.#parts;
    const address = addressOf(request);
    const isAllowed = access.check(request.headers.authorization);
    const told = { clientId, address, isAllowed };
    const connection = new Connection({ ...told, socket, stream, metrics, clock: ports.clock });
    const session = new Session(this.#session, connection, new Vigil(limits));
    this.#roster.enter(connection);
    this.#sessions.add(session);
    metrics.connected();
    socket.on('close', (code) => this.#closed(session, code));
    session.listenTo(socket);
  }

  #closed(session: Session, code: number): void {
    const { connection } = session;
    const { clientId, address, member } = connection;
    const wasMember = this.#roster.isMember(connection);
    this.#sessions.delete(session);
    this.#roster.leave(connection);
    this.#parts.metrics.disconnected();
    if (wasMember) void this.#session.seen.left(connection);
    const who = member === undefined ? `, from ${address}, never let in` : '';
    this.#parts.audit.record({ clientId, action: 'disconnect', detail: `${code}${who}` });
    this.#parts.log.debug({ client: clientId, code }, 'disconnected');
  }

  run(): void {
    const { limits, ports } = this.#parts;
    const tick = Math.min(TICK, limits.heartbeat / 4);
    this.#running = this.#look(tick, ports.clock.now());
  }

  /** One timer for all. A clock that jumps lets pass what a slow machine may need, and no more. */
  async #look(tick: number, start: number): Promise<void> {
    const { clock } = this.#parts.ports;
    const { signal } = this.#ending;
    let sinceAsked = 0;
    for (let last = start; !signal.aborted; ) {
      await clock.sleep(tick, signal);
      const now = clock.now();
      const passed = Math.min(Math.max(now - last, 0), 2 * tick);
      last = now;
      for (const session of this.#sessions) session.pass(passed);
      this.#session.seen.keepDue(this.#members());
      sinceAsked += passed;
      if (sinceAsked < ASK) continue;
      sinceAsked = 0;
      void this.#askStore();
    }
  }

  /** Whatever was not told, the store knows. */
  async #askStore(): Promise<void> {
    const { ports, log } = this.#parts;
    try {
      const state = await ports.metadata.folder(ports.folder);
      if (state !== undefined && !this.#ending.signal.aborted) this.#fanOut.noticed(state.cursor);
    } catch (err) {
      log.error({ err }, 'the cursor of the folder cannot be read');
    }
  }

  *#members(): Iterable<Connection> {
    for (const [connection] of this.#roster.others(undefined)) yield connection;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#stopListening();
    this.#roster.stop();
    await this.#running;
    const ended = [...this.#sessions].map((session) => session.end(GOING_AWAY, 'the server stops'));
    await Promise.all(ended);
    await this.#session.seen.drain();
  }
}

const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'unknown';

interface Upgrade {
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  readonly head: Buffer;
}

interface Asked {
  readonly clientId: string;
  readonly request: IncomingMessage;
  readonly stream: Duplex;
}

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

function refuse(stream: Duplex, { status, body }: Failure): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${PHRASES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  stream.on('error', () => stream.destroy());
  stream.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => stream.destroy());
}
