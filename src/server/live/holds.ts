import type { Hold, Verb, Words } from '../../protocol/held.ts';

/** What a client asks a person about, as it told it last. */
export interface HeldBy {
  readonly clientId: string;
  readonly hold: Hold;
  /** Milliseconds since 1970: from when on this client held something of this direction and deed. */
  readonly since: number;
  /** Given, and not taken yet. */
  readonly word: Verb | undefined;
}

/** A person's word on exactly one hold of one client. */
export interface GivenWord {
  readonly clientId: string;
  readonly id: string;
  readonly verb: Verb;
}

/**
 * What clients hold, and the words that did not get there yet. Kept in memory: a client tells it again when it
 * connects, so after a restart of the server a person is asked again, and nothing is done unasked.
 */
export class Holds {
  readonly #clients = new Map<string, readonly HeldBy[]>();

  /**
   * All that a client holds now. A word stays with the hold that it was given on, and goes with it: when the hold
   * is another, so is its id. Answers whether anything is other than before.
   */
  tell(clientId: string, holds: readonly Hold[], now: number): boolean {
    const before = this.of(clientId);
    const after = holds.map((hold) => ({
      clientId,
      hold,
      since: before.find((known) => isSameSort(known.hold, hold))?.since ?? now,
      word: before.find((known) => known.hold.id === hold.id)?.word,
    }));
    if (after.length === 0) this.#clients.delete(clientId);
    else this.#clients.set(clientId, after);
    return JSON.stringify(before) !== JSON.stringify(after);
  }

  of(clientId: string): readonly HeldBy[] {
    return this.#clients.get(clientId) ?? [];
  }

  /** Of all clients, in the order in which they told of it. */
  all(): readonly HeldBy[] {
    return [...this.#clients.values()].flat();
  }

  /** The words that a client has not taken yet; undefined: there are none. */
  wordsFor(clientId: string): Words | undefined {
    const words = this.of(clientId).flatMap(({ hold: { id }, word: verb }) =>
      verb === undefined ? [] : [{ id, verb }],
    );
    return words.length === 0 ? undefined : { words };
  }

  /** Of two words on one hold the later one counts. Answers false where nothing of this id is held. */
  give({ clientId, id, verb }: GivenWord): boolean {
    const held = this.of(clientId);
    if (!held.some(({ hold }) => hold.id === id)) return false;
    const given = held.map((one) => (one.hold.id === id ? { ...one, word: verb } : one));
    this.#clients.set(clientId, given);
    return true;
  }

  /** Answers whether there was anything to forget. */
  forget(clientId: string): boolean {
    return this.#clients.delete(clientId);
  }
}

const isSameSort = (a: Hold, b: Hold): boolean => a.direction === b.direction && a.deed === b.deed;
