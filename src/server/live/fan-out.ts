import type { Committed } from '../commit.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock } from '../ports.ts';
import {
  type Announcement,
  announcementOf,
  appliedWantedFrame,
  behindFrame,
} from './announcement.ts';
import { type Connection, HOPELESS, SLOW } from './connection.ts';
import type { Roster } from './roster.ts';

/** Try again later. */
const TOO_SLOW = 1013;
/** In the envelope of what is nobody's change. */
const SERVER = 'server';

interface Parts {
  readonly roster: Roster;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Of the folder, when the server was started. */
  readonly cursor: number;
}

/** Tells those who are connected of each commit. */
export class FanOut {
  readonly #parts: Parts;
  #cursor: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cursor = parts.cursor;
  }

  /** Of the last change that was told of. */
  get cursor(): number {
    return this.#cursor;
  }

  /** A commit of this process. */
  committed(committed: Committed): void {
    const { clock, roster, metrics } = this.#parts;
    const announcement = announcementOf(committed, clock.now());
    if (announcement === undefined) return;
    this.#cursor = announcement.cursor;
    let told = 0;
    const { clientId, isBeside } = announcement;
    for (const [connection, { isEngine }] of roster.others(isBeside ? undefined : clientId)) {
      const isOwn = connection.clientId === clientId;
      const engine = isOwn ? () => this.behind() : announcement.engine;
      if (isEngine) connection.offer(engine(), () => this.behind());
      else if (!isOwn) tellContract(connection, announcement);
      if (!isOwn) told += 1;
    }
    metrics.message('down', 'file_changed', told);
  }

  /** The folder grew. Our own commits are told of already; what another process stored can be asked for. */
  noticed(cursor: number): void {
    if (cursor <= this.#cursor) return;
    this.#cursor = cursor;
    this.urge();
  }

  /** Every engine is told to ask, though the folder may not have grown. */
  urge(): void {
    const frame = this.behind();
    for (const [connection, { isEngine }] of this.#parts.roster.others(undefined)) {
      if (isEngine) connection.offer(frame, () => this.behind());
    }
  }

  /** Browsers show what clients hold; our own clients want to hear of nobody. */
  heldChanged(): void {
    for (const [connection, { isEngine, hearsOfOthers }] of this.#parts.roster.others(undefined)) {
      if (isEngine && hearsOfOthers) connection.say({ type: 'held', data: {} });
    }
  }

  /**
   * Somebody waits for everybody to have applied this: who lacks something of it is asked to say so at once. Of one
   * cursor each is asked once; one that reads too slowly, the next time.
   */
  wantApplied(cursor: number): void {
    const { clock, roster, metrics } = this.#parts;
    const frame = appliedWantedFrame({ cursor, clientId: SERVER, now: clock.now() });
    let asked = 0;
    for (const [connection, { reports }] of roster.others(undefined)) {
      const hasIt = connection.asked >= cursor || (connection.reached?.cursor ?? 0) >= cursor;
      if (!reports || hasIt || connection.waiting > SLOW) continue;
      connection.asked = cursor;
      connection.write(frame);
      asked += 1;
    }
    metrics.message('down', 'applied_wanted', asked);
  }

  /** "You are behind", up to the last change that was told of. */
  behind(): Buffer {
    return behindFrame({ cursor: this.#cursor, clientId: SERVER, now: this.#parts.clock.now() });
  }
}

/** It cannot ask for what it missed, so it gets everything; when that is too much, it has to come again. */
function tellContract(connection: Connection, announcement: Announcement): void {
  connection.write(announcement.contract());
  if (connection.waiting > HOPELESS) connection.close(TOO_SLOW, 'too slow');
}
