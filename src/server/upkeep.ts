import type { Log } from './log.ts';
import type { Clock, FolderName, MetadataStore } from './ports.ts';

/** Removes what is kept for a time only: at the start, and then every hour. */
export interface Upkeep {
  run(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

interface Parts {
  readonly metadata: Pick<MetadataStore, 'pruneHistory' | 'pruneAudit'>;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
  /** Looks at what is in quarantine again. */
  readonly recheck: () => Promise<void>;
  /** null: the history is kept for ever. */
  readonly historyRetentionDays: number | null;
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const AUDIT_KEPT = 90 * DAY;

export function createUpkeep(parts: Parts): Upkeep {
  const ending = new AbortController();
  let running = Promise.resolve();
  return {
    run() {
      running = (async () => {
        while (!ending.signal.aborted) {
          await removeOld(parts);
          await recheck(parts);
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
async function removeOld({ metadata, folder, clock, log, ...rest }: Parts): Promise<void> {
  const now = clock.now();
  const { historyRetentionDays: days } = rest;
  try {
    const history = days === null ? 0 : await metadata.pruneHistory(folder, now - days * DAY);
    const audit = await metadata.pruneAudit(folder, now - AUDIT_KEPT);
    if (history + audit > 0) log.info({ history, audit }, 'removed what was old');
  } catch (err) {
    log.error({ err }, 'what is old could not be removed');
  }
}

async function recheck({ recheck, log }: Parts): Promise<void> {
  try {
    await recheck();
  } catch (err) {
    log.error({ err }, 'what is in quarantine could not be looked at');
  }
}
