import { expect, it } from 'vitest';
import { metadataStoreContract } from './contract.ts';
import { type MemoryDatabase, MemoryMetadata } from './memory.ts';
import { FOLDER, fileEntry, writeSteps } from './sample.ts';

metadataStoreContract('memory', async () => new MemoryMetadata());

it('finds in a database what an earlier store wrote, and nothing of what it did not finish', async () => {
  const database: MemoryDatabase = new Map();
  const crashed = new MemoryMetadata(database);
  await crashed.openFolder(FOLDER, 'an-epoch');
  await writeSteps(crashed, [{ node: 'a', entry: fileEntry('a') }]);
  void crashed.transaction(FOLDER, async (tx) => {
    await tx.rememberCommit('anna', { key: 'k', first: 2, last: 2 }, 1);
    await new Promise(() => undefined);
  });

  const store = new MemoryMetadata(database);
  expect(await store.openFolder(FOLDER, 'another')).toEqual({ epoch: 'an-epoch', cursor: 1 });
  const commit = await store.transaction(FOLDER, (tx) => tx.commitByKey('anna', 'k'));
  expect(commit).toBeUndefined();
  await store.close();
});
