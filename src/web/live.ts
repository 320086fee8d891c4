import type { Down } from '../protocol/message.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { socketAddress } from './api/address.ts';
import { register } from './api/call.ts';
import { ownId } from './api/own-id.ts';
import { currentKey } from './api/session.ts';
import { backoff } from './backoff.ts';
import { Observable } from './observable.ts';

/** `refused`: the key is not, or no longer, good. */
export type LiveState = 'connecting' | 'open' | 'waiting' | 'refused';

/** How often we say that we are there; the server asks for one within 90 seconds. */
const HEARTBEAT = 25_000;

/** The live connection to the server: tells of what happens there, and comes back when it is lost. */
export class Live {
  readonly state = new Observable<LiveState>('connecting');
  readonly #listeners = new Set<(message: Down) => void>();
  #socket: WebSocket | undefined;
  #timer: number | undefined;
  #beat: number | undefined;
  #attempt = 0;
  #isWanted = false;

  start(): void {
    this.#isWanted = true;
    addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    void this.#open();
  }

  stop(): void {
    this.#isWanted = false;
    removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    this.#socket?.close();
    this.#socket = undefined;
  }

  listen(listener: (message: Down) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #open(): Promise<void> {
    this.state.set('connecting');
    try {
      await register();
    } catch {
      this.#tryLater();
      return;
    }
    if (!this.#isWanted || this.#socket !== undefined) return;
    const socket = new WebSocket(socketAddress(ownId()));
    this.#socket = socket;
    socket.addEventListener('open', () => this.#introduce());
    socket.addEventListener('message', ({ data }) => this.#take(`${data}`));
    socket.addEventListener('close', () => this.#lost(socket));
  }

  #introduce(): void {
    const key = currentKey();
    this.#say('client_connect', {
      client_id: ownId(),
      client_name: 'Browser',
      sync_root: 'browser',
      protocol_version: PROTOCOL_VERSION,
      ...(key !== undefined && { api_key: key }),
    });
    this.#beat = setInterval(() => this.#say('heartbeat', { client_id: ownId() }), HEARTBEAT);
  }

  #say(type: string, data: object): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const timestamp = new Date().toISOString();
    this.#socket.send(JSON.stringify({ type, data, client_id: ownId(), timestamp }));
  }

  #take(text: string): void {
    const message = readMessage(text);
    if (message === undefined) return;
    if (message.type === 'client_connect') {
      this.#attempt = 0;
      this.state.set('open');
    }
    if (message.type === 'error' && message.data.error_code === 'unauthorized') {
      this.state.set('refused');
    }
    for (const listener of this.#listeners) listener(message);
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    clearInterval(this.#beat);
    this.#tryLater();
  }

  #tryLater(): void {
    if (!this.#isWanted) return;
    if (this.state.value !== 'refused') this.state.set('waiting');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), backoff(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** Somebody looks again, or the network is back: no need to wait any longer. */
  readonly #hurry = (): void => {
    if (document.visibilityState !== 'visible' || this.state.value !== 'waiting') return;
    clearTimeout(this.#timer);
    void this.#open();
  };
}

function readMessage(text: string): Down | undefined {
  try {
    const { type, data } = JSON.parse(text);
    return { type, data: data ?? {} } as Down;
  } catch {
    return undefined;
  }
}
