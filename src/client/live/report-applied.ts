import type { Clock } from '../ports.ts';
import { type Reached, sameReached } from '../reached.ts';

export interface ReporterParts {
  /** Says it to the server, over the connection that is open. */
  readonly say: (reached: Reached) => void;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Between 0 and 1, so that many clients do not all speak at once. */
  readonly random: () => number;
}

/** The server at the other end of a connection. */
export interface Listening {
  readonly epoch: string;
  /** How often it wants to hear it. Milliseconds. */
  readonly every: number;
}

/**
 * When the server is told how far this client is: at once when the connection is made and where somebody waits for
 * it; else some time after the first news, in one message for all that came meanwhile. Nothing is said of nothing
 * new, of another history, or to a server that does not ask for it.
 */
export class AppliedReporter {
  readonly #parts: ReporterParts;
  #latest: Reached | undefined;
  #said: Reached | undefined;
  #server: Listening | undefined;
  /** Somebody waits for this cursor; 0: nobody. */
  #wanted = 0;
  /** Of what is to be said later; undefined: nothing is. */
  #pause: AbortController | undefined;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  note(reached: Reached): void {
    this.#latest = reached;
    const news = this.#news;
    if (news === undefined) return;
    if (this.#wanted > 0 && news.cursor >= this.#wanted) this.#say();
    else this.#sayLater(news.every);
  }

  connected(server: Listening): void {
    this.#server = server;
    this.#said = undefined;
    this.#say();
  }

  /** Somebody waits until this is applied. */
  want(cursor: number): void {
    this.#wanted = Math.max(this.#wanted, cursor);
    if ((this.#latest?.cursor ?? 0) >= this.#wanted) this.#say();
  }

  /** Nothing can be said until the next connection. */
  disconnected(): void {
    this.#server = undefined;
    this.#wanted = 0;
    this.#rest();
  }

  /** What the server does not know yet. */
  get #news(): (Reached & Listening) | undefined {
    const [latest, server] = [this.#latest, this.#server];
    if (latest === undefined || server === undefined || latest.epoch !== server.epoch)
      return undefined;
    return sameReached(latest, this.#said) ? undefined : { ...latest, ...server };
  }

  #sayLater(every: number): void {
    if (this.#pause !== undefined) return;
    const { clock, random } = this.#parts;
    const pause = new AbortController();
    this.#pause = pause;
    void clock.sleep(every * (0.5 + random()), pause.signal).then(() => {
      if (this.#pause === pause) this.#say();
    });
  }

  #say(): void {
    this.#rest();
    const news = this.#news;
    if (news === undefined || this.#latest === undefined) return;
    // What is held may go on at any moment: whoever waits wants to know that at once too.
    if (news.held === 0 && news.cursor >= this.#wanted) this.#wanted = 0;
    this.#said = this.#latest;
    this.#parts.say(this.#latest);
  }

  #rest(): void {
    this.#pause?.abort(WOKEN);
    this.#pause = undefined;
  }
}

/** Without a reason of ours each end would make an error, with its stack. */
const WOKEN = 'woken';
