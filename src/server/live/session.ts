import type { WebSocket } from 'ws';
import { Failure, type FailureCode } from '../../protocol/failure.ts';
import { readUp, type Up } from '../../protocol/message.ts';
import { msToTime } from '../../protocol/time.ts';
import type { ConnectionRequest } from '../../protocol/up.ts';
import type { Audit } from '../audit.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock } from '../ports.ts';
import { toFailure } from '../to-failure.ts';
import type { Connection } from './connection.ts';
import { type GreetParts, greet } from './greet.ts';
import { type HandleParts, handleMessage } from './handle-message.ts';
import type { Vigil } from './vigil.ts';

export interface SessionParts extends GreetParts, HandleParts {
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Against the rules: not registered, not allowed, too much, too quiet. */
const POLICY = 1008;
const INTERNAL = 1011;
/** Messages that wait for their turn before no more are read. */
const MOST_WAITING = 16;

/** What one connection says, one message after another, in the order in which they came. */
export class Session {
  readonly connection: Connection;
  readonly vigil: Vigil;
  readonly #parts: SessionParts;
  #turn = Promise.resolve();
  #waiting = 0;
  #gone = Promise.resolve();

  constructor(parts: SessionParts, connection: Connection, vigil: Vigil) {
    this.#parts = parts;
    this.connection = connection;
    this.vigil = vigil;
  }

  listenTo(socket: WebSocket): void {
    this.#gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? undefined : String(data)));
    // What is no WebSocket any more closes by itself, with a code that says why.
    socket.on('error', (err) => {
      this.#parts.log.debug({ err, client: this.connection.clientId }, 'a connection failed');
    });
  }

  /** `text` undefined: it was binary. */
  #receive(text: string | undefined): void {
    const verdict = this.vigil.hear();
    if (verdict === 'close') this.#refuse(new Failure('too_many_requests'));
    if (verdict === 'complain') this.#complain(new Failure('too_many_requests'));
    if (verdict !== 'take') return;
    this.#waiting += 1;
    if (this.#waiting > MOST_WAITING) this.connection.pause();
    this.#turn = this.#turn.then(() => this.#take(text));
  }

  async #take(text: string | undefined): Promise<void> {
    try {
      if (this.connection.isOpen) await this.#handle(this.#read(text));
    } catch (error) {
      this.#complain(error);
    }
    this.vigil.touch();
    this.#waiting -= 1;
    if (this.#waiting === 0) this.connection.resume();
  }

  #read(text: string | undefined): Up {
    if (text === undefined) throw new Failure('bad_request', 'Messages are text.');
    this.#parts.metrics.transferred('up', text.length);
    const message = readUp(text);
    this.#parts.metrics.message('up', message.type);
    return message;
  }

  async #handle(message: Up): Promise<void> {
    const { member } = this.connection;
    if (member === undefined) {
      if (message.type === 'client_connect') return await this.#greet(message.data);
      throw new Failure('bad_request', 'The first message has to be client_connect.');
    }
    if (message.type === 'heartbeat') {
      if (this.vigil.answers()) this.beat();
      return;
    }
    await handleMessage({ ...this.#parts, connection: this.connection, member }, message);
  }

  beat(): void {
    const { clientId } = this.connection;
    const timestamp = msToTime(this.#parts.clock.now());
    this.connection.say({ type: 'heartbeat', data: { client_id: clientId, timestamp } });
    this.vigil.beat();
  }

  async #greet(request: ConnectionRequest): Promise<void> {
    const { audit, clock, log } = this.#parts;
    const { clientId, address } = this.connection;
    try {
      await greet(this.#parts, this.connection, request);
      audit.record({ clientId, action: 'connect', detail: `from ${address}` });
      log.debug({ client: clientId, address }, 'connected');
    } catch (error) {
      const failure = toFailure(error);
      const server_time = msToTime(clock.now());
      const data = { success: false, message: failure.message, server_time };
      this.connection.say({ type: 'client_connect', data });
      if (failure.status >= 500)
        log.error({ err: failure.cause ?? error }, 'a client was not let in');
      this.#refuse(failure);
    }
  }

  #complain(error: unknown): void {
    const { log, metrics } = this.#parts;
    const failure = toFailure(error);
    metrics.error(failure.code);
    if (failure.status >= 500) {
      const { clientId: client } = this.connection;
      log.error({ err: failure.cause ?? failure, client, code: failure.code }, 'a message failed');
    }
    this.connection.say({ type: 'error', data: failure.body });
  }

  #refuse({ code, status }: { readonly code: FailureCode; readonly status: number }): void {
    const { audit, log, metrics } = this.#parts;
    const { clientId, address } = this.connection;
    if (!this.connection.isOpen) return;
    metrics.error(code);
    audit.record({ clientId, action: 'refused', detail: `${code}, from ${address}` });
    log.info({ client: clientId, address, code }, 'a connection was refused');
    this.connection.close(status >= 500 ? INTERNAL : POLICY, code);
  }

  /** Resolves when it is closed, and what it said before is done. */
  async end(code: number, reason: string): Promise<void> {
    this.connection.close(code, reason);
    await this.#gone;
    await this.#turn;
  }

  /** Time went by. */
  pass(ms: number): void {
    const verdict = this.vigil.pass(ms, this.connection);
    if (verdict === 'beat') this.beat();
    else if (verdict === 'late') this.connection.close(POLICY, 'no client_connect in time');
    else if (verdict === 'silent') this.connection.close(POLICY, 'silent');
    else if (verdict === 'stalled') this.connection.terminate();
  }
}
