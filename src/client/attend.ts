import { join } from 'node:path';
import { PATTERN_PROBLEMS } from '../core/ignore.ts';
import { readAsks, removeAsk } from './ask-files.ts';
import type { Assembled } from './assemble.ts';
import type { Hold, Verbs } from './breaker.ts';
import { systemClock } from './clock.ts';
import { isToCome } from './is-to-come.ts';
import type { Tell } from './news.ts';
import type { NewsDesk } from './news-desk.ts';
import { DiskError } from './ports.ts';
import { showHold } from './show-hold.ts';
import type { StateHome } from './state-home.ts';
import { HEARTBEAT, type LiveStatus, writeStatus } from './status-file.ts';
import { isWordLeft, readWord, removeWord, writeWord } from './word-file.ts';

export interface Attendance extends Assembled {
  readonly desk: NewsDesk;
  readonly tell: Tell;
  /** Where the status is left, and where a person's word and those who ask for a look are found. */
  readonly home: Pick<StateHome, 'status' | 'word' | 'asks'>;
}

/** All in milliseconds. */
const EVERY = { look: 1_000, tidying: 24 * 60 * 60_000 };

/** Counting what is pending may take at most this part of the time. */
const COUNTING = 1 / 20;

/** Looks after a running client, once a second: its status file, its problems, its patterns, its trash. */
export class Attendant {
  readonly #client: Attendance;
  readonly #started = systemClock.now();
  readonly #timer: NodeJS.Timeout;
  #behindSince: number | undefined = this.#started;
  #pending = 0;
  #countAgain = 0;
  #written = { text: '', at: 0 };
  #ignoreText = '';
  #isDegraded = false;
  #tidyAgain = 0;
  /** Who asked for a look that is under way. */
  readonly #asked = new Set<string>();

  constructor(client: Attendance) {
    this.#client = client;
    this.#timer = setInterval(() => this.look(), EVERY.look);
  }

  look(): void {
    const { desk, synchronizer } = this.#client;
    desk.lookAtProblems(synchronizer.session.problems.all());
    this.#lookAtWord();
    this.#lookAtAsks();
    this.#lookAtIgnore();
    this.#lookAtWatcher();
    this.#tidy();
    this.leaveWord();
  }

  /** Of how it stands, for `status`: when something is new, and now and then as a sign of life. */
  leaveWord(): void {
    this.#leaveWord(false);
  }

  /**
   * A word that was given elsewhere goes the way of one that was given here, for exactly what is held now. What is
   * said of anything else is of no use: it is not held any more, or not so.
   */
  takeWord(verbs: Verbs): void {
    const { home, synchronizer, tell } = this.#client;
    const held = new Set(synchronizer.session.breaker.holds.map(({ id }) => id));
    const meant = Object.entries(verbs).filter(([id]) => held.has(id));
    if (meant.length === 0) return;
    try {
      writeWord(home.word, Object.fromEntries(meant));
    } catch (error) {
      const text = `A word from the web app could not be taken: ${home.word} cannot be written (${error}).`;
      tell({ type: 'said', level: 'warning', text });
      return;
    }
    this.#lookAtWord();
  }

  /** The last word; after it the state may be closed. */
  stop(): void {
    clearInterval(this.#timer);
    this.#client.desk.lookAtProblems(this.#client.synchronizer.session.problems.all());
    this.#leaveWord(true);
  }

  /** The word goes when it is in the state; a client that ends before leaves it to the next one. */
  #lookAtWord(): void {
    const { home, synchronizer, tell } = this.#client;
    if (synchronizer.session.breaker.word !== undefined || !isWordLeft(home.word)) return;
    const verbs = readWord(home.word) ?? {};
    const heeded = (meant: readonly Hold[]): void => {
      this.#leaveWord(false);
      removeWord(home.word);
      const text =
        meant.length > 0
          ? `What was held goes on as you said: ${meant.map(({ id }) => `${verbs[id]} ${id}`).join(', ')}.`
          : 'Something was approved or undone that is not held any more; syncer-client held shows what is.';
      tell({ type: 'said', level: meant.length > 0 ? 'info' : 'warning', text });
    };
    synchronizer.giveWord({ verbs, heeded });
  }

  /** Whoever asked finds the status of after the look. */
  #lookAtAsks(): void {
    const { home, synchronizer } = this.#client;
    for (const name of readAsks(home.asks)) {
      if (this.#asked.has(name)) continue;
      this.#asked.add(name);
      synchronizer.lookAround(() => {
        this.#leaveWord(false);
        removeAsk(join(home.asks, name));
        this.#asked.delete(name);
      });
    }
  }

  #lookAtIgnore(): void {
    const { synchronizer, tell } = this.#client;
    const { ignore, ignoreText = '' } = synchronizer.session;
    if (ignoreText === this.#ignoreText) return;
    this.#ignoreText = ignoreText;
    for (const { pattern, problem } of ignore.refused) {
      const text = `The ignore pattern "${pattern}" is not used. ${PATTERN_PROBLEMS[problem]}`;
      tell({ type: 'said', level: 'warning', text });
    }
  }

  #lookAtWatcher(): void {
    const { watcher, tell } = this.#client;
    if (watcher.degraded === this.#isDegraded) return;
    this.#isDegraded = watcher.degraded;
    if (!this.#isDegraded) return;
    const text =
      'Some directories cannot be watched (the system allows no more); they are looked at every 30 seconds.';
    tell({ type: 'said', level: 'warning', text });
  }

  /** Only when at rest, and of a directory that is known to be ours. */
  #tidy(): void {
    const { disk, tell, synchronizer } = this.#client;
    const now = systemClock.now();
    if (synchronizer.condition.type !== 'resting' || isToCome(this.#tidyAgain, now, EVERY.tidying))
      return;
    this.#tidyAgain = now + EVERY.tidying;
    disk.tidy(now).catch((error: unknown) => {
      if (!(error instanceof DiskError)) throw error;
      tell({ type: 'detail', text: `the trash could not be tidied: ${error.message}` });
    });
  }

  #leaveWord(stopped: boolean): void {
    const now = systemClock.now();
    const status = this.#statusAt(now, stopped);
    const text = JSON.stringify({ ...status, updated: '' });
    const since = now - this.#written.at;
    if (text === this.#written.text && since >= 0 && since < HEARTBEAT) return;
    this.#written = { text, at: now };
    writeStatus(this.#client.home.status, status);
  }

  #statusAt(now: number, stopped: boolean): LiveStatus {
    const { synchronizer } = this.#client;
    const { condition, connected, session } = synchronizer;
    const isInSync = condition.type === 'resting' && connected;
    this.#behindSince = isInSync ? undefined : (this.#behindSince ?? now);
    return {
      pid: process.pid,
      started: timeText(this.#started),
      updated: timeText(now),
      stopped,
      condition,
      connected: connected && !stopped,
      behind_since: this.#behindSince === undefined ? null : timeText(this.#behindSince),
      pending: this.#count(now),
      applied: synchronizer.reached ?? null,
      newest: synchronizer.newest,
      problems: session.problems.all(),
      held: session.breaker.holds.map((hold) => showHold(session, hold)),
    };
  }

  #count(now: number): number {
    if (now < this.#countAgain) return this.#pending;
    this.#pending = this.#client.synchronizer.session.state.changedCount();
    this.#countAgain = now + (systemClock.now() - now) / COUNTING;
    return this.#pending;
  }
}

const timeText = (ms: number): string => new Date(ms).toISOString();
