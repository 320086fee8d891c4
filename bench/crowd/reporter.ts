import { WebSocket } from 'ws';

/** Says what a client would have applied, when a client would say it. */
export class Reporter {
  every = 0;
  readonly #socket: WebSocket;
  #cursor = 0;
  #isToCome = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  applied(cursor: number): void {
    this.#cursor = cursor;
    if (this.#isToCome || this.every === 0) return;
    this.#isToCome = true;
    setTimeout(() => this.#say(), this.every * (0.5 + Math.random()));
  }

  #say(): void {
    this.#isToCome = false;
    const data = { cursor: this.#cursor, held: 0 };
    if (this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify({ type: 'applied', data }));
  }
}
