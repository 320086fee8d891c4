import { MAX_WANTED_CONTENTS } from '../protocol/limits.ts';
import type { Wanted } from '../protocol/wanted.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ChunkRotten } from './pack-read.ts';
import type { Clock, FolderName, MetadataStore } from './ports.ts';

/** What became of the chunks that rotted. */
export interface Quarantine {
  /**
   * The chunk counts as missing from now on, unless it lies elsewhere by now. Never throws: who found it has an
   * error to tell already.
   */
  take(rotten: ChunkRotten): Promise<void>;
  /** Of what is in quarantine; 0 when nothing is. It grows when something more comes to it. */
  newest(): Promise<number>;
  /** What the clients are asked for, the newest first. `before`: the `next` of the page before. */
  wanted(before?: number): Promise<Wanted>;
}

export interface QuarantineParts {
  readonly metadata: MetadataStore;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'rotten'>;
  /** There is something new to ask the clients for. */
  readonly onTaken: () => void;
}

/** Of one page. To find a chunk's contents, everything is looked through once for each page. */
const PAGE = 100;
/** Milliseconds for which an answer serves everybody who asks. */
const FRESH = 10_000;

export function createQuarantine(parts: QuarantineParts): Quarantine {
  const { metadata, folder, clock, log, metrics } = parts;
  const answers = new Map<number, { readonly time: number; readonly page: Promise<Wanted> }>();

  async function take(rotten: ChunkRotten): Promise<void> {
    const { place, reason } = rotten;
    const told = { chunk: place.hash, pack: place.pack, reason };
    try {
      const found = { ...place, reason, since: clock.now() };
      const taken = await metadata.quarantine(folder, [found]);
      if (taken.length === 0) return;
      log.error(told, 'a stored chunk rotted: it is in quarantine until a client brings it back');
      metrics.rotten(reason);
      answers.clear();
      parts.onTaken();
    } catch (err) {
      log.error({ err, ...told }, 'a stored chunk rotted, and that could not be recorded');
    }
  }

  return {
    take,
    newest: async () => (await metadata.quarantined(folder, { limit: 1 }))[0]?.number ?? 0,
    wanted: (before = Number.MAX_SAFE_INTEGER) => {
      const known = answers.get(before);
      const age = clock.now() - (known?.time ?? 0);
      if (known !== undefined && age >= 0 && age < FRESH) return known.page;
      const page = wantedPage(parts, before);
      page.catch(() => answers.delete(before));
      answers.set(before, { time: clock.now(), page });
      return page;
    },
  };
}

async function wantedPage({ metadata, folder }: QuarantineParts, before: number): Promise<Wanted> {
  const page = await metadata.quarantined(folder, { before, limit: PAGE });
  if (page.length === 0) return { wanted: [], next: null };
  const hashes = page.map(({ hash }) => hash);
  const contents = await metadata.contentsWith(folder, hashes);
  const wanted = page.flatMap(({ hash, size }) => {
    const of = contents.get(hash)?.slice(0, MAX_WANTED_CONTENTS) ?? [];
    return of.length > 0 ? [{ hash, size, contents: of }] : [];
  });
  const next = page.length === PAGE ? (page.at(-1)?.number ?? null) : null;
  return { wanted, next };
}
