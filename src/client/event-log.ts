import { appendFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectories } from './make-directories.ts';
import type { News } from './news.ts';

export interface EventLogOptions {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly verbose: boolean;
  /** Bytes after which the file is put aside. */
  readonly limit?: number;
  /** How many files put aside are kept: `client.log.1` is the newest. */
  readonly keep?: number;
  /** Runs work a moment later: until then lines are gathered, to be written together. Default: at once. */
  readonly later?: (work: () => void) => void;
}

/** The news as lines of JSON: `{time, level, event, …}`. A log that cannot be written stops nobody's work. */
export class EventLog {
  readonly #options: Required<EventLogOptions>;
  #size: number;
  #lines = '';

  constructor(options: EventLogOptions) {
    const atOnce = (work: () => void): void => work();
    this.#options = { limit: 5 * 1024 * 1024, keep: 3, later: atOnce, ...options };
    makeDirectories(dirname(options.path), 0o700);
    this.#size = statSync(options.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  tell(news: News): void {
    const { now, verbose } = this.#options;
    if (news.type === 'progressed' || (news.type === 'detail' && !verbose)) return;
    const time = new Date(now()).toISOString();
    const isFirst = this.#lines === '';
    this.#lines += `${safe(JSON.stringify({ time, level: levelOf(news), ...fieldsOf(news) }))}\n`;
    if (isFirst) this.#options.later(() => this.flush());
  }

  /** Writes what was gathered; the last thing that a program does. */
  flush(): void {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#append(lines);
  }

  #append(lines: string): void {
    const { path, limit } = this.#options;
    const size = Buffer.byteLength(lines);
    try {
      if (this.#size > 0 && this.#size + size > limit) this.#rotate();
      appendFileSync(path, lines, { mode: 0o600 });
      this.#size += size;
    } catch {
      // The disk is full, or the folder went away: the next lines are tried again.
    }
  }

  #rotate(): void {
    const { path, keep } = this.#options;
    for (let age = keep - 1; age >= 1; age -= 1) {
      if (statSync(`${path}.${age}`, { throwIfNoEntry: false }) !== undefined) {
        renameSync(`${path}.${age}`, `${path}.${age + 1}`);
      }
    }
    renameSync(path, `${path}.1`);
    this.#size = 0;
  }
}

const WARNINGS: ReadonlySet<News['type']> = new Set(['problem', 'offline', 'held']);

const levelOf = (news: News): string => {
  if (news.type === 'said') return news.level;
  if (news.type === 'detail') return 'debug';
  if (news.type === 'halted') return 'error';
  return WARNINGS.has(news.type) ? 'warning' : 'info';
};

function fieldsOf(news: News): Record<string, unknown> {
  if (news.type === 'changed') return { event: news.type, ...news.happening };
  if (news.type === 'held' || news.type === 'released') return { event: news.type, ...news.hold };
  if (news.type === 'problem' || news.type === 'solved')
    return { event: news.type, ...news.problem };
  const { type: event, ...rest } = news;
  const { level: _, ...fields } = { level: undefined, ...rest };
  return { event, ...fields };
}

/** What JSON leaves as it is, and a terminal would obey. */
const safe = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
