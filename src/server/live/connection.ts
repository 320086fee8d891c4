import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { type Down, writeDown } from '../../protocol/message.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock } from '../ports.ts';
import { textFrame } from './text-frame.ts';

/** Bytes that wait to be read by the other side. Beyond, it is not sent what it can ask for. */
export const SLOW = 1024 * 1024;
/** Bytes. One so far behind is sent nothing more. */
export const HOPELESS = 16 * SLOW;

export interface Opened {
  readonly clientId: string;
  readonly socket: WebSocket;
  /** What the WebSocket runs over. */
  readonly stream: Duplex;
  /** Of the other side, for the audit. */
  readonly address: string;
  /** Whether the header brought a valid key, or none is needed. */
  readonly isAllowed: boolean;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** How far a client's disk is: it holds everything up to a cursor, but for so many paths. */
export interface Reached {
  readonly cursor: number;
  readonly held: number;
}

/** Who a connection turned out to be. */
export interface Member {
  readonly name: string;
  /** It named a protocol version: it takes whole commits. Otherwise it knows only the plain contract. */
  readonly isEngine: boolean;
  /** Wants to hear who comes and who goes. */
  readonly hearsOfOthers: boolean;
  /** Tells how far it is, and may be asked to do so at once. */
  readonly reports: boolean;
}

/** One WebSocket of a client. */
export class Connection {
  readonly clientId: string;
  readonly address: string;
  readonly isAllowed: boolean;
  /** undefined: it has not said who it is, or was not let in. */
  member: Member | undefined;
  /** As it told last. undefined: it keeps no directory. */
  reached: Reached | undefined;
  /** The furthest cursor that it was asked to report; 0: none. */
  asked = 0;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #owesNotice = false;

  constructor({ clientId, address, isAllowed, socket, stream, clock, metrics }: Opened) {
    this.clientId = clientId;
    this.address = address;
    this.isAllowed = isAllowed;
    this.#socket = socket;
    this.#stream = stream;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes that wait to be read by the other side. */
  get waiting(): number {
    return this.#stream.writableLength;
  }

  /** A message for this client only. */
  say(message: Down): void {
    if (this.waiting > HOPELESS) return;
    this.#metrics.message('down', message.type);
    const from = { clientId: this.clientId, now: this.#clock.now() };
    this.write(textFrame(writeDown(message, from)));
  }

  /**
   * A frame past the WebSocket, which would make one for each connection. It keeps no frames back, as
   * nothing is compressed: so the order holds.
   */
  write(frame: Buffer): void {
    if (!this.isOpen || frame.length === 0) return;
    this.#metrics.transferred('down', frame.length);
    this.#stream.write(frame);
  }

  /** What can be asked for. One too slow for it is sent `instead()` when it has read what waits. */
  offer(frame: Buffer, instead: () => Buffer): void {
    if (this.#owesNotice) return;
    if (this.waiting <= SLOW) {
      this.write(frame);
      return;
    }
    this.#owesNotice = true;
    this.#stream.once('drain', () => {
      this.#owesNotice = false;
      this.write(instead());
    });
  }

  close(code: number, reason: string): void {
    if (this.isOpen) this.#socket.close(code, reason);
  }

  /** Ends without waiting for the other side. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Nothing more is read until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
