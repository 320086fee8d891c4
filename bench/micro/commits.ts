import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from '../../src/core/entry.ts';
import { systemClock } from '../../src/server/clock.ts';
import { type CommitInput, createCommitter } from '../../src/server/commit.ts';
import { openSqliteMetadata } from '../../src/server/metadata/sqlite/store.ts';
import { memoryNotifier } from '../../src/server/notifier/memory.ts';
import { filesystemObjects } from '../../src/server/objects/filesystem.ts';
import { createPacks } from '../../src/server/packs.ts';
import { type Timed, timeIt } from './time-it.ts';

const FOLDER = 'default';

/** Commits on a real disk, durable: one after another, many at a time, and one large one. */
export async function commits(directory: string): Promise<Timed[]> {
  const metadata = await openSqliteMetadata({ path: join(directory, 'metadata.sqlite') });
  await metadata.openFolder(FOLDER, randomUUID());
  const objects = await filesystemObjects(join(directory, 'objects'));
  const committer = createCommitter({
    metadata,
    packs: createPacks({ objects, newName: randomUUID }),
    notifier: memoryNotifier(),
    clock: systemClock,
    folder: FOLDER,
    limits: { maxFileSize: 2 ** 40, allowedExtensions: undefined },
    onCommitted: () => {},
  });
  const commit = async (files: number): Promise<void> => {
    const { type } = await committer.commit(inputOf(files));
    if (type !== 'accepted') throw new Error(`A commit was ${type}.`);
  };
  const found = [
    await timeIt({ what: 'commit one small file', run: () => commit(1), times: 50 }),
    await timeIt({
      what: 'commit 64 small files at a time, one each',
      run: () => Promise.all(Array.from({ length: 64 }, () => commit(1))),
      amount: { count: 64, unit: 'commits' },
    }),
    await timeIt({
      what: 'commit 1,000 small files in one',
      run: () => commit(1000),
      amount: { count: 1000, unit: 'changes' },
    }),
  ];
  await committer.drain();
  await metadata.close();
  return found;
}

function inputOf(files: number): CommitInput {
  const made = Array.from({ length: files }, () => {
    const bytes = Buffer.from(`a small file, ${randomUUID()}`);
    const hash = createHash('sha256').update(bytes).digest('hex');
    return { hash, size: bytes.length, bytes };
  });
  return {
    clientId: 'a',
    clientName: 'a',
    key: randomUUID(),
    epoch: undefined,
    changes: made.map(({ hash: checksum, size }) => ({
      type: 'create',
      node: randomUUID(),
      kind: 'file',
      place: { parent: ROOT, name: `${randomUUID()}.txt` },
      content: { checksum, size, mtime: 1, executable: false },
    })),
    manifests: [],
    chunks: made,
    cause: 'sync',
  };
}
