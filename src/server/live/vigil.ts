import { CONNECT_DEADLINE, MISSED_HEARTBEATS } from '../../protocol/limits.ts';
import { type Connection, SLOW } from './connection.ts';

export interface VigilLimits {
  /** Milliseconds between two heartbeats. */
  readonly heartbeat: number;
  readonly messagesPerSecond: number;
}

/** Milliseconds that a listener may leave more than SLOW bytes unread. */
const STALLED = 60_000;
/** Seconds' worth of messages too many after which it is no accident. */
const ABUSE = 10;

/** What is to be done about a message that came. */
export type Verdict = 'take' | 'complain' | 'ignore' | 'close';

/**
 * Watches over one connection: its heartbeats, its silence, its rate. Time is what it is told of with
 * `pass`, so that a clock that is set, or a machine that slept, ends nobody's connection.
 */
export class Vigil {
  readonly #limits: VigilLimits;
  #age = 0;
  #heard = 0;
  /** When a heartbeat was last sent; at first, when the connection was opened. */
  #sent = 0;
  #hasSent = false;
  #stalledSince: number | undefined;
  #complained = Number.NEGATIVE_INFINITY;
  /** Messages that may come at once; below zero: those that came too many. The first, `client_connect`, is free. */
  #allowance: number;

  constructor(limits: VigilLimits) {
    this.#limits = limits;
    this.#allowance = limits.messagesPerSecond + 1;
  }

  /** A message came. */
  hear(): Verdict {
    const { messagesPerSecond } = this.#limits;
    this.#heard = this.#age;
    this.#allowance -= 1;
    if (this.#allowance >= 0) return 'take';
    if (this.#allowance < -ABUSE * messagesPerSecond) return 'close';
    const isNews = this.#age - this.#complained >= 1_000;
    if (isNews) this.#complained = this.#age;
    return isNews ? 'complain' : 'ignore';
  }

  /** What it said was long in work: that was no silence. */
  touch(): void {
    this.#heard = this.#age;
  }

  /**
   * Whether to answer a heartbeat. Not one that comes right after ours: it is the answer, and two that
   * answer answers never end.
   */
  answers(): boolean {
    return !this.#hasSent || this.#age - this.#sent >= Math.min(1_000, this.#limits.heartbeat / 4);
  }

  /** A heartbeat was sent. */
  beat(): void {
    this.#sent = this.#age;
    this.#hasSent = true;
  }

  /** So many milliseconds went by. Answers what that asks for. */
  pass(ms: number, connection: Connection): 'nothing' | 'beat' | 'late' | 'silent' | 'stalled' {
    const { heartbeat, messagesPerSecond } = this.#limits;
    this.#age += ms;
    const refilled = this.#allowance + (messagesPerSecond * ms) / 1_000;
    this.#allowance = Math.min(messagesPerSecond, refilled);
    if (connection.member === undefined) return this.#age < CONNECT_DEADLINE ? 'nothing' : 'late';
    if (this.#age - this.#heard >= heartbeat * MISSED_HEARTBEATS) return 'silent';
    if (this.#isStalled(connection.waiting > SLOW)) return 'stalled';
    return this.#age - this.#sent >= heartbeat ? 'beat' : 'nothing';
  }

  #isStalled(isSlow: boolean): boolean {
    if (!isSlow) this.#stalledSince = undefined;
    else this.#stalledSince ??= this.#age;
    return this.#stalledSince !== undefined && this.#age - this.#stalledSince >= STALLED;
  }
}
