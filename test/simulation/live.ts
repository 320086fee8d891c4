import type { Live, LiveEvent } from '../../src/client/live-connection.ts';
import { readDown } from '../../src/protocol/message.ts';
import { pushedFromWire } from '../../src/protocol/pushed.ts';
import type { Life } from './life.ts';
import type { Link } from './link.ts';
import type { Scheduler } from './scheduler.ts';
import type { Listener, Server } from './server.ts';

export interface LiveParts {
  readonly scheduler: Scheduler;
  readonly link: Link;
  readonly server: Server;
  readonly life: Life;
  readonly clientId: () => string;
}

export type NoticeFate = 'notice lost' | 'notice doubled' | 'notice late';

/** Milliseconds of silence after which a connection is taken for dead. */
const SILENCE = 90_000;
const BACKOFF = { first: 250, longest: 30_000 };

/** The live connection over a way that may break, be cut without a word, and lose, double and delay notices. */
export class SimulatedLive implements Live {
  /** What the next notices meet, one each. */
  readonly fates: NoticeFate[] = [];
  readonly #parts: LiveParts;
  #isStopped = false;
  #connection: { isDead: boolean; readonly end: (reason: string) => void } | undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  run(onEvent: (event: LiveEvent) => void): void {
    void this.#keepConnected(onEvent);
  }

  /** Words are given beside the connection there: see word.ts. */
  tellHeld(): void {}

  /** Nobody waits here. */
  report(): void {}

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#connection?.end('stopped');
  }

  /** Neither side is told: what is sent is lost until one of them gives up. */
  cut(): boolean {
    const connection = this.#connection;
    if (connection === undefined || connection.isDead) return false;
    connection.isDead = true;
    this.#parts.scheduler.in(SILENCE, () => connection.end('silence'));
    return true;
  }

  async #keepConnected(onEvent: (event: LiveEvent) => void): Promise<void> {
    const { scheduler, life } = this.#parts;
    for (let failures = 0; !this.#isStopped; failures += 1) {
      const wasWelcome = await life.bounded(() => this.#connect(onEvent));
      if (wasWelcome) failures = 0;
      const wait = Math.min(BACKOFF.longest, BACKOFF.first * 2 ** failures);
      await life.bounded(() => scheduler.sleep(wait));
    }
  }

  /** One connection from its beginning to its end. */
  async #connect(onEvent: (event: LiveEvent) => void): Promise<boolean> {
    const { scheduler, link, server, life } = this.#parts;
    await scheduler.sleep(link.latency());
    const { process } = server;
    const clientId = this.#parts.clientId();
    if (!link.isUp || process === undefined || this.#isStopped) return false;
    if ((await process.metadata.client('default', clientId)) === undefined) {
      await scheduler.sleep(link.latency());
      if (!life.isOver) onEvent({ type: 'disconnected', reason: 'not registered' });
      return false;
    }
    const { promise: ended, resolve: end } = Promise.withResolvers<string>();
    this.#connection = { isDead: false, end };
    for (const other of process.listeners) if (other.clientId === clientId) other.replaced();
    const listener: Listener = {
      clientId,
      tell: (frame) => this.#carry(frame, onEvent),
      replaced: () => this.#replaced(end),
    };
    process.listeners.add(listener);
    process.life.onEnd(() => scheduler.in(link.latency(), () => end('the server ended')));
    void ended.then(() => process.listeners.delete(listener));
    await scheduler.sleep(link.latency());
    if (this.#parts.life.isOver) return false;
    onEvent({ type: 'connected' });
    const reason = await ended;
    this.#connection = undefined;
    if (!this.#parts.life.isOver) onEvent({ type: 'disconnected', reason });
    return true;
  }

  /** What ended already, or is cut, is not told. */
  #replaced(end: (reason: string) => void): void {
    const { scheduler, link, life } = this.#parts;
    const isDead = this.#connection?.isDead ?? true;
    if (!life.isOver && !isDead) scheduler.in(link.latency(), () => end('replaced'));
  }

  #carry(frame: Buffer, onEvent: (event: LiveEvent) => void): void {
    const { scheduler, link, life } = this.#parts;
    const connection = this.#connection;
    const event = eventOf(textOf(frame));
    if (!link.isUp || connection === undefined || connection.isDead || event === undefined) return;
    const fate = this.fates.shift();
    if (fate !== undefined) link.met(fate);
    if (fate === 'notice lost') return;
    const deliver = (): void => {
      if (life.isOver || connection !== this.#connection || connection.isDead) return;
      scheduler.note(`${event.type} is told`);
      onEvent(event);
    };
    scheduler.in(link.latency() + (fate === 'notice late' ? 5_000 : 0), deliver);
    if (fate === 'notice doubled') scheduler.in(2 * link.latency(), deliver);
  }
}

/** Of a frame as the server makes it: see its text-frame.ts. */
function textOf(frame: Buffer): string {
  const length = frame[1] ?? 0;
  return frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10).toString();
}

/** As the client's own connection reads it. */
function eventOf(text: string): LiveEvent | undefined {
  const message = readDown(text);
  if (message?.type === 'behind') return { type: 'behind' };
  if (message?.type !== 'file_changed') return undefined;
  const { pushed } = message.data;
  return pushed === undefined ? { type: 'behind' } : { type: 'changed', ...pushedFromWire(pushed) };
}
