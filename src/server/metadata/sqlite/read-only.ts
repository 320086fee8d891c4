import type { MetadataStore } from '../../ports.ts';
import { connect } from './connection.ts';
import { mustBeCurrent } from './schema.ts';
import { metadataOver } from './store.ts';

/** The metadata as of the moment they were opened at, whatever a server writes meanwhile. */
export interface ReadOnlyMetadata {
  /** Writing to it throws. */
  readonly metadata: MetadataStore;
  /** What is wrong with the file, in sentences; empty: nothing. Takes as long as reading it does. */
  damage(): string[];
}

/** The first ones tell enough. */
const TOLD = 10;

/**
 * Reads beside a running server: it takes no lock that one waits for. Until it is closed, the write-ahead log only
 * grows. Throws a sentence for the operator when the file cannot be used.
 */
export async function openReadOnlyMetadata(path: string): Promise<ReadOnlyMetadata> {
  const database = connect(path, { readonly: true });
  try {
    database.exec('BEGIN');
    mustBeCurrent(database);
    return {
      metadata: metadataOver({ writer: database, reader: database }),
      damage: () => {
        const rows = database.pragma(`quick_check(${TOLD})`) as { readonly quick_check: string }[];
        return rows
          .filter(({ quick_check: found }) => found !== 'ok')
          .map(({ quick_check: found }) => `The database is damaged: ${found}. Restore a backup.`);
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
