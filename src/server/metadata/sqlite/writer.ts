import type { Database, Statement } from 'better-sqlite3';

/** Transactions that share one commit, and so one wait for the disk. */
const GROUP = 32;

interface Job {
  body(): unknown;
  settle(outcome: Outcome): void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * Runs what writes one after another. What waits at the same time is committed together, each part in
 * a savepoint of its own; nobody hears how it went before the commit is durable.
 *
 * A body must not wait for another write of the same writer: it would wait for itself.
 */
export class Writer {
  readonly #database: Database;
  readonly #waiting: Job[] = [];
  #running: Promise<void> | undefined;

  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #mark: Statement;
  readonly #release: Statement;
  readonly #back: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#mark = database.prepare('SAVEPOINT job');
    this.#release = database.prepare('RELEASE job');
    this.#back = database.prepare('ROLLBACK TO job');
  }

  /** Resolves when what the body wrote is durable. A body that throws leaves nothing. */
  write<T>(body: () => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: Outcome): void =>
        'value' in outcome ? resolve(outcome.value as T) : reject(outcome.error);
      this.#waiting.push({ body, settle });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // A turn of the event loop, so that what arrives together is committed together.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#runGroup(this.#waiting.splice(0, GROUP));
    }
    this.#running = undefined;
  }

  async #runGroup(jobs: readonly Job[]): Promise<void> {
    const outcomes: Outcome[] = [];
    try {
      this.#begin.run();
      for (const job of jobs) outcomes.push(await this.#attempt(job));
      this.#commit.run();
    } catch (error) {
      // Nothing of the group is kept, and a refusal may rest on what is not kept either.
      this.#rollBack();
      for (const job of jobs) job.settle({ error });
      return;
    }
    outcomes.forEach((outcome, i) => void jobs[i]?.settle(outcome));
  }

  #rollBack(): void {
    try {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The transaction is still open: the next group cannot begin, fails, and tries this again.
    }
  }

  /** Throws when the whole group is lost, as after a full disk. */
  async #attempt(job: Job): Promise<Outcome> {
    this.#mark.run();
    try {
      const value = await job.body();
      this.#release.run();
      return { value };
    } catch (error) {
      if (!this.#database.inTransaction) throw error;
      this.#back.run();
      this.#release.run();
      return { error };
    }
  }
}
