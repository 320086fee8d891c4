import type { Log } from '../log.ts';
import type { Clock, FolderName, MetadataStore } from '../ports.ts';
import type { Connection } from './connection.ts';

interface Parts {
  readonly metadata: Pick<MetadataStore, 'client' | 'putClient'>;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds that pass before a connected client is written down as seen again. */
const EVERY = 60_000;
/** At once, so that many clients do not hold up the commits. */
const MOST = 200;

/** `cursor`: how far it is; undefined: it does not say. */
interface Seen {
  readonly clientId: string;
  readonly cursor: number | undefined;
}

/** Writes down when clients were last seen, and how far they were: now and then, not with every message. */
export class SeenKeeper {
  readonly #parts: Parts;
  readonly #kept = new Map<string, number>();
  #keeping = Promise.resolve();
  #isBusy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Those whose turn it is. */
  keepDue(members: Iterable<Connection>): void {
    if (this.#isBusy) return;
    const now = this.#parts.clock.now();
    const due: Seen[] = [];
    for (const { clientId, reached } of members) {
      const kept = this.#kept.get(clientId) ?? Number.NEGATIVE_INFINITY;
      if (now - kept >= EVERY) due.push({ clientId, cursor: reached?.cursor });
      if (due.length === MOST) break;
    }
    if (due.length === 0) return;
    this.#isBusy = true;
    void this.#keep(due).finally(() => {
      this.#isBusy = false;
    });
  }

  /** Of one that came. `cursor`: how far it says it is; undefined: it does not say. */
  came(clientId: string, cursor: number | undefined): void {
    void this.#keep([{ clientId, cursor }]);
  }

  /** Of one that went. */
  async left({ clientId, reached }: Pick<Connection, 'clientId' | 'reached'>): Promise<void> {
    await this.#keep([{ clientId, cursor: reached?.cursor }]);
    this.#kept.delete(clientId);
  }

  /** Resolves when nothing is being written any more. */
  drain(): Promise<void> {
    return this.#keeping;
  }

  /** In turn: of one that comes and goes the later has the last word. */
  #keep(seen: readonly Seen[]): Promise<void> {
    const now = this.#parts.clock.now();
    for (const { clientId } of seen) this.#kept.set(clientId, now);
    this.#keeping = this.#keeping.then(async () => {
      await Promise.all(seen.map((one) => this.#write(one, now)));
    });
    return this.#keeping;
  }

  async #write({ clientId, cursor }: Seen, lastSeen: number): Promise<void> {
    const { metadata, folder, log } = this.#parts;
    try {
      const known = await metadata.client(folder, clientId);
      if (known === undefined || known.lastSeen > lastSeen) return;
      await metadata.putClient(folder, { ...known, lastSeen, cursor: cursor ?? known.cursor });
    } catch (err) {
      log.warn({ err, client: clientId }, 'a client could not be written down as seen');
    }
  }
}
