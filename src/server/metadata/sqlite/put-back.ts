import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../../objects/filesystem-open.ts';
import type { PutBack } from '../../ports.ts';
import { removeDatabase } from './snapshot.ts';
import { openSqliteMetadata } from './store.ts';

/** Writes a snapshot's bytes beside `path`; `finish` gives it that name. What an interrupted one left is replaced. */
export async function putBackMetadata(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<PutBack> {
  const aside = `${path}.restoring`;
  await removeDatabase(aside);
  await writeDurably(aside, bytes);
  const metadata = await openSqliteMetadata({ path: aside });
  return {
    metadata,
    finish: async () => {
      await metadata.close();
      await removeDatabase(path);
      await rename(aside, path);
      await syncDirectory(dirname(path));
    },
  };
}

async function writeDurably(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const part of bytes) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}
