import Database from 'better-sqlite3';
import { StateDamaged } from '../failures.ts';
import type { Source } from './reading.ts';

export type Cell = string | number | null;
export type Row = readonly Cell[];

/**
 * One prepared statement. Every method throws StateDamaged where the database finds itself broken.
 */
export interface Query {
  get(...parameters: Cell[]): Row | undefined;
  /**
   * The first cell of every row, which is text. All at once: an open iteration would bar every
   * write.
   */
  column(...parameters: Cell[]): string[];
  /** Every row, all at once for the same reason. */
  all(...parameters: Cell[]): Row[];
  run(...parameters: Cell[]): void;
}

export function prepare(source: Source, sql: string): Query {
  const { database } = source;
  const query = sound(database.name, () => database.prepare<Cell[]>(sql));
  const rows = query.reader ? query.raw(true) : query;
  const ask = <T>(question: () => T): T =>
    sound(database.name, () => {
      source.enter();
      return question();
    });
  return {
    get: (...parameters) => ask(() => rows.get(...parameters) as Row | undefined),
    column: (...parameters) =>
      ask(() => (rows.all(...parameters) as [string][]).map(([first]) => first)),
    all: (...parameters) => ask(() => rows.all(...parameters) as Row[]),
    run: (...parameters) => {
      sound(database.name, () => rows.run(...parameters));
    },
  };
}

/**
 * Runs a step on the database at `path`; what says that the file is broken becomes StateDamaged.
 */
export function sound<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !DAMAGE.test(error.code)) throw error;
    throw new StateDamaged(path, error.message, { cause: error });
  }
}

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB)/;
