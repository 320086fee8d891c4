import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Snapshot } from '../../ports.ts';
import { connect } from './connection.ts';
import { refuseForeign } from './schema.ts';
import { openSqliteMetadata } from './store.ts';

/**
 * Copies a database as of one moment into the file `to`, whatever a server writes meanwhile. What an interrupted one
 * left there is replaced. Throws a sentence for the operator when it cannot.
 */
export async function takeSnapshot({
  from,
  to,
}: {
  readonly from: string;
  readonly to: string;
}): Promise<Snapshot> {
  await removeDatabase(to);
  const source = connect(from, { readonly: true });
  try {
    refuseForeign(source);
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
  const metadata = await openSqliteMetadata({ path: to });
  return {
    metadata,
    async *bytes() {
      // What is still in the write-ahead log gets into the file.
      await metadata.close();
      yield* createReadStream(to, { highWaterMark: 1024 * 1024 });
    },
    discard: async () => {
      await metadata.close();
      await removeDatabase(to);
    },
  };
}

export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(path + suffix, { force: true });
}
