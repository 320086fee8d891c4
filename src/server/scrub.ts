import { isElsewhereWell } from './is-elsewhere-well.ts';
import type { Log } from './log.ts';
import { ChunkRotten } from './pack-read.ts';
import type { Packs } from './packs.ts';
import type { ChunkPlace, Clock, FolderName, MetadataStore, Scrubbing } from './ports.ts';
import type { Quarantine } from './quarantine.ts';

/** Reads and verifies every stored chunk, again and again, over many days. */
export interface Scrub {
  run(): void;
  /** Resolves when nothing is under way any more: soon, for little is read at a time. */
  stop(): Promise<void>;
}

export interface ScrubParts {
  readonly metadata: Pick<MetadataStore, 'scrubbing' | 'putScrubbing' | 'chunksAfter'>;
  /** What rots is in quarantine by the time it is told of. */
  readonly packs: Pick<Packs, 'read'>;
  /** For what the disk does not give, though it gives all else. */
  readonly quarantine: Pick<Quarantine, 'take'>;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
  /** Of one cycle; null: nothing is scrubbed. */
  readonly days: number | null;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Read before others have their turn again: at most so much in a second, also after a long time off. */
const SLICE = { bytes: 8 * 1024 * 1024, chunks: 256 };
/** Tries, a minute apart, of a chunk that the disk does not give. */
const PATIENCE = 60;

/**
 * Hashes are spread evenly, so a part of the cycle's time is the same part of the hashes: at noon of its first half
 * every chunk up to `8…` has been read. Where it is, is stored, and a restart goes on there.
 */
export function createScrub(parts: ScrubParts): Scrub {
  const { clock, days } = parts;
  const ending = new AbortController();
  let running = Promise.resolve();
  return {
    run() {
      if (days === null) return;
      const scrubber = new Scrubber(parts, days * DAY, ending.signal);
      running = (async () => {
        while (!ending.signal.aborted) {
          const more = await scrubber.slice();
          await clock.sleep(more ? SECOND : MINUTE, ending.signal);
        }
      })();
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

class Scrubber {
  readonly #parts: ScrubParts;
  /** Milliseconds. */
  readonly #cycle: number;
  readonly #signal: AbortSignal;
  /** How often the next chunk could not be had. */
  #failures = 0;
  /** Parts of them could not be read for long, and others could: no more patience is needed. */
  readonly #badPacks = new Set<string>();

  constructor(parts: ScrubParts, cycle: number, signal: AbortSignal) {
    this.#parts = parts;
    this.#cycle = cycle;
    this.#signal = signal;
  }

  /** Whether there may be more that is due already. Never throws: what does not work is tried again. */
  async slice(): Promise<boolean> {
    const { metadata, folder, clock, log } = this.#parts;
    try {
      const standing = await this.#standing();
      const due = (clock.now() - standing.begun) / this.#cycle;
      const found = await metadata.chunksAfter(folder, standing.after, SLICE.chunks);
      const places = fitting(found.filter(({ hash }) => partOf(hash) <= due));
      if (places.length > 0) return await this.#verifyAll(standing, places);
      if (found.length === 0 && due >= 1) await this.#beginAnew();
      return false;
    } catch (err) {
      log.error({ err }, 'the stored chunks cannot be verified now');
      return false;
    }
  }

  /** A clock that was put back must not stop it until that time comes again. */
  async #standing(): Promise<Scrubbing> {
    const { metadata, folder, clock } = this.#parts;
    const known = await metadata.scrubbing(folder);
    const now = clock.now();
    if (known !== undefined && known.begun <= now) return known;
    const after = known?.after ?? '';
    const anew = { after, begun: Math.round(now - partOf(after) * this.#cycle) };
    await metadata.putScrubbing(folder, anew);
    return anew;
  }

  async #beginAnew(): Promise<void> {
    const { metadata, folder, clock, log } = this.#parts;
    await metadata.putScrubbing(folder, { after: '', begun: clock.now() });
    log.info({}, 'every stored chunk was read and verified');
  }

  async #verifyAll(standing: Scrubbing, places: readonly ChunkPlace[]): Promise<boolean> {
    const { metadata, folder } = this.#parts;
    let { after } = standing;
    for (const place of places) {
      if (this.#signal.aborted || !(await this.#verify(place))) break;
      after = place.hash;
    }
    await metadata.putScrubbing(folder, { ...standing, after });
    return this.#failures === 0;
  }

  /** Whether the next one may have its turn. */
  async #verify(place: ChunkPlace): Promise<boolean> {
    try {
      for await (const _ of this.#parts.packs.read([place])) this.#failures = 0;
      return true;
    } catch (error) {
      if (error instanceof ChunkRotten) return true;
      return await this.#isGivenUp(place, error);
    }
  }

  /** A disk that does not answer is waited for. One that answers, but not for this, has lost it. */
  async #isGivenUp(place: ChunkPlace, err: unknown): Promise<boolean> {
    const { hash, pack } = place;
    this.#failures += 1;
    const isLast = this.#failures >= PATIENCE || this.#badPacks.has(pack);
    if (this.#failures === 1) {
      this.#parts.log.error({ err, chunk: hash, pack }, 'a stored chunk cannot be read now');
    }
    if (!isLast) return false;
    this.#failures = 0;
    if (await isElsewhereWell(this.#parts, place)) {
      this.#badPacks.add(pack);
      await this.#parts.quarantine.take(new ChunkRotten(place, 'unreadable', { cause: err }));
    }
    return true;
  }
}

/** Which part of all hashes come before this one. */
const partOf = (hash: string): number =>
  hash === '' ? 0 : Number.parseInt(hash.slice(0, 12), 16) / 2 ** 48;

/** The first ones that fit into a slice; at least one. */
function fitting(places: readonly ChunkPlace[]): ChunkPlace[] {
  let bytes = 0;
  return places.filter(({ length }, at) => {
    bytes += length;
    return at === 0 || bytes <= SLICE.bytes;
  });
}
