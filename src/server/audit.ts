import type { Log } from './log.ts';
import type { AuditRecord, Clock, FolderName, MetadataStore } from './ports.ts';

/** Who did what: every connection, request and operation, with its client. Never a secret. */
export interface Audit {
  /** Remembered at once, stored within a second. Never throws. */
  record(entry: Omit<AuditRecord, 'time'>): void;
  /** Stores what waits every second, until it is stopped. */
  run(): void;
  /** Resolves when what waited is stored, or could not be. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  readonly metadata: Pick<MetadataStore, 'audit'>;
  readonly folder: FolderName;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY = 1_000;
/** While the database cannot be written, the newest are kept, and no more than these. */
const MOST_WAITING = 10_000;
/** Characters. */
const LONGEST_DETAIL = 1_000;

/** Audit records cost one write a second, however many there are. */
export function createAudit({ metadata, folder, clock, log }: Parts): Audit {
  const ending = new AbortController();
  let waiting: AuditRecord[] = [];
  let storing = Promise.resolve();
  let running = Promise.resolve();

  const store = async (): Promise<void> => {
    const records = waiting;
    if (records.length === 0) return;
    waiting = [];
    try {
      await metadata.audit(folder, records);
    } catch (err) {
      waiting = newest([...records, ...waiting]);
      log.error({ err, waiting: waiting.length }, 'the audit log could not be written');
    }
  };

  const drain = (): Promise<void> => {
    storing = storing.then(store);
    return storing;
  };

  return {
    record({ clientId, action, detail }) {
      const time = clock.now();
      waiting.push({ time, clientId, action, detail: detail.slice(0, LONGEST_DETAIL) });
      if (waiting.length > 2 * MOST_WAITING) waiting = newest(waiting);
    },
    run() {
      running = (async () => {
        while (!ending.signal.aborted) {
          await clock.sleep(EVERY, ending.signal);
          await drain();
        }
      })();
    },
    drain,
    async stop() {
      ending.abort();
      await running;
      await drain();
    },
  };
}

const newest = (records: AuditRecord[]): AuditRecord[] => records.slice(-MOST_WAITING);
