import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Clock, FolderName, MetadataStore } from './ports.ts';
import type { Swept } from './sweep.ts';

/** Removes what is kept for a time only: at the start, and then every hour. */
export interface Upkeep {
  run(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

interface Parts {
  readonly metadata: Pick<MetadataStore, 'pruneHistory' | 'pruneAudit'>;
  readonly metrics: Pick<Metrics, 'removed' | 'freed'>;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
  /** Looks at what is in quarantine again. */
  readonly recheck: () => Promise<void>;
  /** Removes the versions that the retention does not keep; answers how many. */
  readonly thin: (signal: AbortSignal) => Promise<number>;
  /** Frees what nothing needs. */
  readonly sweep: (signal: AbortSignal) => Promise<Swept>;
  /** null: no record goes for its age alone. */
  readonly historyRetentionDays: number | null;
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const AUDIT_KEPT = 90 * DAY;
/** Hours between two thinnings, each with a sweep after it, which look at everything. The first comes an hour after the start, when all is quiet again. */
const SWEEPING = 6;

export function createUpkeep(parts: Parts): Upkeep {
  const ending = new AbortController();
  let running = Promise.resolve();
  return {
    run() {
      running = (async () => {
        for (let hour = 0; !ending.signal.aborted; hour += 1) {
          await removeOld(parts);
          await recheck(parts);
          if (hour % SWEEPING === 1) {
            await thin(parts, ending.signal);
            await sweep(parts, ending.signal);
          }
          await parts.clock.sleep(HOUR, ending.signal);
        }
      })();
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** What cannot be removed now is removed in an hour. */
async function removeOld({ metadata, metrics, folder, clock, log, ...rest }: Parts): Promise<void> {
  const now = clock.now();
  const { historyRetentionDays: days } = rest;
  try {
    const history = days === null ? 0 : await metadata.pruneHistory(folder, now - days * DAY);
    const audit = await metadata.pruneAudit(folder, now - AUDIT_KEPT);
    metrics.removed('old', history);
    if (history + audit > 0) log.info({ history, audit }, 'removed what was old');
  } catch (err) {
    log.error({ err }, 'what is old could not be removed');
  }
}

async function thin({ thin, metrics, log }: Parts, signal: AbortSignal): Promise<void> {
  try {
    const versions = await thin(signal);
    metrics.removed('thinned', versions);
    if (versions > 0) log.info({ versions }, 'thinned the history');
  } catch (err) {
    log.error({ err }, 'the history could not be thinned');
  }
}

async function sweep({ sweep, metrics, log }: Parts, signal: AbortSignal): Promise<void> {
  try {
    const swept = await sweep(signal);
    metrics.freed(swept.bytes);
    if (Object.values(swept).some((count) => count > 0))
      log.info({ ...swept }, 'freed what nothing needs');
  } catch (err) {
    log.error({ err }, 'what nothing needs could not be looked for; nothing was removed');
  }
}

async function recheck({ recheck, log }: Parts): Promise<void> {
  try {
    await recheck();
  } catch (err) {
    log.error({ err }, 'what is in quarantine could not be looked at');
  }
}
