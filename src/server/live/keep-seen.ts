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

/** Writes down when clients were last seen: now and then, not with every message. */
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
    const due: string[] = [];
    for (const { clientId } of members) {
      if (now - (this.#kept.get(clientId) ?? Number.NEGATIVE_INFINITY) >= EVERY) due.push(clientId);
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
    void this.#keep([clientId], cursor);
  }

  /** Of one that went. */
  async left(clientId: string): Promise<void> {
    await this.#keep([clientId]);
    this.#kept.delete(clientId);
  }

  /** Resolves when nothing is being written any more. */
  drain(): Promise<void> {
    return this.#keeping;
  }

  /** In turn: of one that comes and goes the later has the last word. */
  #keep(clientIds: readonly string[], cursor?: number): Promise<void> {
    const now = this.#parts.clock.now();
    for (const clientId of clientIds) this.#kept.set(clientId, now);
    this.#keeping = this.#keeping.then(async () => {
      await Promise.all(clientIds.map((clientId) => this.#write(clientId, now, cursor)));
    });
    return this.#keeping;
  }

  async #write(clientId: string, lastSeen: number, cursor: number | undefined): Promise<void> {
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
