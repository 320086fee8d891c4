import type Database from 'better-sqlite3';

/** What statements are prepared for. */
export interface Source {
  readonly database: Database.Database;
  /** Before anything is asked. */
  enter(): void;
}

/** Milliseconds. Nobody else writes, so what is read cannot grow old; but a log that somebody reads is not begun anew. */
const AT_MOST = 20;

/**
 * One transaction for many questions: to begin and end one for each takes twice as long as the question itself. It is to be
 * left before anything is recorded.
 */
export class Reading implements Source {
  readonly database: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database.Database) {
    this.database = database;
    this.#begin = database.prepare('BEGIN DEFERRED');
    this.#commit = database.prepare('END');
  }

  enter(): void {
    if (this.#timer !== undefined || this.database.inTransaction) return;
    this.#begin.run();
    this.#timer = setTimeout(() => this.leave(), AT_MOST).unref();
  }

  /** Twice is once. */
  leave(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // A question that failed may have ended it.
    if (this.database.inTransaction) this.#commit.run();
  }
}
