import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeDown } from '../../protocol/message.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock } from '../ports.ts';
import { type Connection, HOPELESS } from './connection.ts';
import { textFrame } from './text-frame.ts';

interface Parts {
  /** By client. */
  readonly members: ReadonlyMap<string, Connection>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

type Type = 'client_joined' | 'client_left';

/** Somebody came or went; what is said of it is made once, however many hear it. */
interface Notice {
  readonly type: Type;
  readonly clientId: string;
  readonly frame: Buffer;
}

/**
 * Milliseconds that pass, for each member, before they are told again. Whoever comes and goes meanwhile
 * is told of together, in one write to each: ten thousand who come back at once cost ten thousand writes
 * a second, and not the square of it.
 */
const PAUSE = 0.1;
/** So few are told at once, always. */
const FEW = 100;
/** Bytes that are written in one turn of the event loop: telling many holds up nothing else. */
const TURN = 1024 * 1024;

/** Tells everybody who comes and who goes. */
export class Presence {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  #waiting: Notice[] = [];
  /** Those who came since the last telling: how many of the notices are from before. */
  readonly #newcomers = new Map<Connection, number>();
  #isBusy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** To all members who want to hear it, but the client itself: at once, or soon when there are many. */
  tell(type: Type, { clientId, name }: { readonly clientId: string; readonly name: string }): void {
    if (this.#ending.signal.aborted) return;
    const { clock } = this.#parts;
    const data = { client_id: clientId, name };
    const frame = textFrame(writeDown({ type, data }, { clientId, now: clock.now() }));
    this.#waiting.push({ type, clientId, frame });
    if (!this.#isBusy) void this.#tellAll();
  }

  /** A new member hears only of what happens from now on. */
  welcome(connection: Connection): void {
    if (this.#waiting.length > 0) this.#newcomers.set(connection, this.#waiting.length);
  }

  stop(): void {
    this.#waiting = [];
    this.#ending.abort();
  }

  async #tellAll(): Promise<void> {
    const { clock, members } = this.#parts;
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      await this.#tellOnce();
      await clock.sleep(members.size <= FEW ? 0 : members.size * PAUSE, this.#ending.signal);
    }
    this.#isBusy = false;
  }

  async #tellOnce(): Promise<void> {
    const [notices, newcomers] = [this.#waiting, new Map(this.#newcomers)];
    this.#waiting = [];
    this.#newcomers.clear();
    this.#count(notices);
    const all = join(notices);
    const concerned = new Set(notices.map(({ clientId }) => clientId));
    let left = TURN;
    for (const connection of [...this.#parts.members.values()]) {
      const { clientId, member } = connection;
      if (member?.hearsOfOthers === false) continue;
      const from = newcomers.get(connection) ?? 0;
      const isAll = from === 0 && !concerned.has(clientId);
      const frames = isAll ? all : join(notices.slice(from).filter(isOfOther(clientId)));
      // One who reads nothing can ask who is there.
      if (connection.waiting <= HOPELESS) connection.write(frames);
      left -= frames.length;
      if (left > 0) continue;
      await nextTurn();
      left = TURN;
    }
  }

  /** About: those who are told less are few. */
  #count(notices: readonly Notice[]): void {
    const { members, metrics } = this.#parts;
    for (const { type } of notices) metrics.message('down', type, members.size);
  }
}

const join = (notices: readonly Notice[]): Buffer =>
  Buffer.concat(notices.map(({ frame }) => frame));

const isOfOther =
  (clientId: string) =>
  (notice: Notice): boolean =>
    notice.clientId !== clientId;
