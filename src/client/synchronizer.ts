import type { Verbs, Word } from './breaker.ts';
import { checkRoot, RootInDanger } from './check-root.ts';
import { countLacking } from './count-lacking.ts';
import { Dirt } from './dirt.ts';
import type { Live, LiveEvent } from './live-connection.ts';
import { ApiFailure, DiskError, type Watcher } from './ports.ts';
import { takePushed } from './pull.ts';
import { type Reached, sameReached } from './reached.ts';
import { roomOf } from './room.ts';
import { openSession, type Ports, type Session, type SessionOptions } from './session.ts';
import { type ShownHold, showHold } from './show-hold.ts';
import { syncOnce } from './sync.ts';

export interface SynchronizerParts extends Ports {
  readonly live: Live;
  readonly watcher: Watcher & { readonly degraded?: boolean; rewatch?(reason: string): void };
  readonly options: Omit<SessionOptions, 'alsoDirty' | 'ignoreChanged'>;
  readonly observer: Observer;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
}

/** How it stands, for `status` and the terminal. */
export type Condition =
  | { readonly type: 'starting' }
  | { readonly type: 'working' }
  /** Everything is in sync, as far as this client knows. */
  | { readonly type: 'resting' }
  /** Everything else is in sync; these wait for a person's word. */
  | { readonly type: 'asking'; readonly holds: readonly ShownHold[] }
  | { readonly type: 'offline'; readonly reason: string }
  /** Nothing is done until a person has acted. */
  | { readonly type: 'halted'; readonly reason: string };

export interface Observer {
  conditionChanged(condition: Condition): void;
  /** A person gave a word elsewhere on what is held here, or was. It may be told again. */
  wordGiven?(verbs: Verbs): void;
}

/** All in milliseconds. */
const PAUSE = {
  first: 200,
  longest: 30_000,
  again: 40,
  polling: 30_000,
  lookAtAll: 30 * 60_000,
  halted: 5_000,
};

/** Why a pause ends. Without a reason of ours each end would make an error, with its stack. */
const WOKEN = 'woken';

/** Rounds without a rest, after which each waits a little longer; and the most that waiting grows by. */
const PATIENCE = { rounds: 20, factor: 64 };

/**
 * Keeps one directory in sync: makes rounds until one has nothing to do, then rests until something
 * says "look". `run` returns after `stop`; a round that is under way is finished first.
 */
export class Synchronizer {
  readonly session: Session;
  condition: Condition = { type: 'starting' };
  connected = false;
  /** How far the disk is; undefined: no round has told yet. */
  reached: Reached | undefined;
  readonly #parts: SynchronizerParts;
  readonly #dirt = new Dirt();
  readonly #events: Exclude<LiveEvent, { type: 'word' }>[] = [];
  #wake = new AbortController();
  #stopping = false;
  #listening = false;
  #failures = 0;
  #restless = 0;
  /** How much longer than usual to wait for what does not hold still. */
  #unsettled = 1;
  #lookedAtAll = 0;
  /** The furthest cursor that this connection told of. */
  #heard = 0;
  /** Who is to be told when everything was looked at, and what was found is offered. */
  #onLooked: (() => void)[] = [];
  /** By the server: what happens on the disk meanwhile does not make it be asked sooner. */
  #isAskedToWait = false;

  constructor(parts: SynchronizerParts) {
    this.#parts = parts;
    const alsoDirty: Session['alsoDirty'] = (where) => {
      const more = this.#dirt.take();
      return where === 'everything' || more === 'everything' ? 'everything' : [...where, ...more];
    };
    const ignoreChanged = (): void => parts.watcher.rewatch?.('the ignore patterns changed');
    this.session = openSession(parts, { ...parts.options, alsoDirty, ignoreChanged });
  }

  async run(): Promise<void> {
    const { watcher, live } = this.#parts;
    await this.#waitForRoot();
    await watcher.run((event) => this.#becomeDirty(event));
    this.#dirt.addEverything();
    try {
      while (!this.#stopping) {
        const rest = await this.#round();
        this.#listen();
        await this.#pause(rest);
      }
    } finally {
      await Promise.all([watcher.stop(), live.stop()]);
    }
  }

  /** Once the server knows us: before, it would not let us listen. */
  #listen(): void {
    if (this.#listening || this.session.welcome === undefined) return;
    this.#listening = true;
    this.#parts.live.run((event) => {
      if (event.type === 'word') {
        this.#parts.observer.wordGiven?.(event.verbs);
        return;
      }
      this.#hear(event);
      this.#look(() => this.#events.push(event));
    });
  }

  /** At once: a round that is under way may be long. */
  #hear(event: LiveEvent): void {
    if (event.type === 'connected') this.#heard = 0;
    else if (event.type === 'behind') this.#heard = Math.max(this.#heard, event.cursor ?? 0);
    else if (event.type === 'changed') this.#heard = event.changes.at(-1)?.cursor ?? this.#heard;
  }

  /** Of the server's history, as far as this client has heard. */
  get newest(): number {
    const { state, welcome } = this.session;
    const { cursor, known } = state.standing;
    return Math.max(cursor, known?.cursor ?? 0, welcome?.cursor ?? 0, this.#heard);
  }

  /** Twice is once. */
  stop(): void {
    this.#stopping = true;
    this.#wake.abort(WOKEN);
  }

  /** A person's word on what is held is heeded in the next round, which is now. */
  giveWord(word: Word): void {
    this.#look(() => {
      this.session.breaker.word = word;
    });
  }

  /**
   * Looks at the whole directory, and asks the server. `onLooked` is called once, when everything found is offered, but
   * for what is in trouble or waits for a person's word.
   */
  lookAround(onLooked: () => void): void {
    this.#look(() => {
      this.#dirt.addEverything();
      this.session.behind = true;
      this.#onLooked.push(onLooked);
    });
  }

  /** A first check, so that no watcher is set up in a directory that is not ours. */
  async #waitForRoot(): Promise<void> {
    while (!this.#stopping) {
      try {
        return await checkRoot(this.session);
      } catch (error) {
        await this.#pause(this.#halt(error));
      }
    }
  }

  /** Nobody is woken while something does not hold still: it is looked at soon, with all else. */
  #becomeDirty(event: Parameters<Parameters<Watcher['run']>[0]>[0]): void {
    if (this.#isAskedToWait || this.#unsettled > 1) this.#dirt.add(event);
    else this.#look(() => this.#dirt.add(event));
  }

  #look(note: () => void): void {
    note();
    this.#wake.abort(WOKEN);
  }

  /** One round; answers how long to rest after it, unless something happens. */
  async #round(): Promise<number> {
    this.#takeEvents();
    this.#lookNowAndThen();
    const where = this.#dirt.take();
    this.#isAskedToWait = false;
    try {
      const isAtRest = this.condition.type === 'resting' || this.condition.type === 'asking';
      if (!isAtRest || where.length > 0) this.#become({ type: 'working' });
      const { rest, dirty } = await syncOnce(this.session, where);
      this.#failures = 0;
      this.#noteReached(rest && dirty.length === 0);
      this.#dirt.addAll(dirty);
      this.#unsettled = dirty.length === 0 ? 1 : Math.min(2 * this.#unsettled, PATIENCE.factor);
      this.#restless = rest ? 0 : this.#restless + 1;
      if (!rest)
        return this.#restless < PATIENCE.rounds ? 0 : PAUSE.first * Math.min(100, this.#restless);
      if (this.#dirt.isEmpty) this.#rest();
      return this.#untilNextLook();
    } catch (error) {
      return this.#afterFailure(error, where === 'everything');
    }
  }

  /**
   * After the round, so that it holds up nothing; and only where something moved. What could not proceed may do so in the very
   * next round: it counts only where there is none.
   */
  #noteReached(isAtRest: boolean): void {
    const { epoch, cursor, pulling } = this.session.state.standing;
    if (epoch === undefined || pulling !== undefined) return;
    const { reached } = this;
    if (reached?.epoch === epoch && reached.cursor === cursor && reached.held === 0) return;
    // Of very much a round takes on a part, and the next one follows at once.
    if (!isAtRest && this.session.state.changedCount() > roomOf(this.session)) return;
    const now = { epoch, cursor, held: countLacking(this.session) };
    if ((now.held > 0 && !isAtRest) || sameReached(now, reached)) return;
    this.reached = now;
    this.#parts.live.report(now);
  }

  #takeEvents(): void {
    for (const event of this.#events.splice(0)) {
      if (event.type === 'connected') this.#reconnected(true);
      else if (event.type === 'disconnected') this.#reconnected(false);
      else if (event.type === 'behind' || !takePushed(this.session, event))
        this.session.behind = true;
    }
    if (!this.connected) this.session.behind = true;
  }

  #reconnected(connected: boolean): void {
    this.connected = connected;
    this.session.welcome = undefined;
  }

  /** Lost events cost latency, never correctness. */
  #lookNowAndThen(): void {
    const now = this.session.clock.now();
    const { watcher } = this.#parts;
    const every = watcher.degraded === true ? PAUSE.polling : PAUSE.lookAtAll;
    const since = now - this.#lookedAtAll;
    if (since >= 0 && since < every) return;
    this.#lookedAtAll = now;
    this.#dirt.addEverything();
    this.session.behind = true; // What was told may have been lost too (E02).
  }

  #untilNextLook(): number {
    const { session } = this;
    if (!session.lookAgain.isEmpty || !this.#dirt.isEmpty) {
      this.#dirt.addAll(session.lookAgain.take());
      return PAUSE.again * this.#unsettled;
    }
    const now = session.clock.now();
    const problem = (session.problems.nextTry(now) ?? Number.POSITIVE_INFINITY) - now;
    const every = this.#parts.watcher.degraded === true ? PAUSE.polling : PAUSE.longest;
    return Math.max(PAUSE.again, Math.min(problem, every));
  }

  #afterFailure(error: unknown, everything: boolean): number {
    if (everything) this.#dirt.addEverything();
    if (!(error instanceof ApiFailure)) return this.#halt(error);
    this.#isAskedToWait = error.after !== undefined;
    if (error.retry) this.#become({ type: 'offline', reason: error.message });
    else this.#become({ type: 'halted', reason: error.message });
    this.session.welcome = undefined;
    this.#failures += 1;
    const longest = Math.min(PAUSE.longest, PAUSE.first * 2 ** this.#failures);
    return error.after ?? longest * (0.5 + 0.5 * this.#parts.random());
  }

  /** The directory cannot be used, or must not be. Throws what is neither. */
  #halt(error: unknown): number {
    if (!(error instanceof RootInDanger || error instanceof DiskError)) throw error;
    const cannot = `The directory cannot be used now (${error.message}).`;
    this.#dirt.addEverything();
    this.#become({ type: 'halted', reason: error instanceof DiskError ? cannot : error.message });
    return PAUSE.halted;
  }

  #rest(): void {
    const holds = this.session.breaker.holds.map((hold) => showHold(this.session, hold));
    this.#parts.live.tellHeld(holds);
    this.#become(holds.length === 0 ? { type: 'resting' } : { type: 'asking', holds });
    // What was read in the tick of its last change is looked at once more.
    if (!this.session.lookAgain.isEmpty) return;
    for (const onLooked of this.#onLooked.splice(0)) onLooked();
  }

  #become(condition: Condition): void {
    const same = JSON.stringify(condition) === JSON.stringify(this.condition);
    this.condition = condition;
    if (!same) this.#parts.observer.conditionChanged(condition);
  }

  /** Rests, or not at all when something happened since the round began. */
  async #pause(ms: number): Promise<void> {
    const isIdle = this.#events.length === 0 && !this.#stopping;
    if (ms > 0 && isIdle) await this.session.clock.sleep(ms, this.#wake.signal);
    this.#wake = new AbortController();
  }
}
