import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../../core/entry.ts';
import type { MetadataStore } from '../../ports.ts';
import { metadataStoreContract } from '../contract.ts';
import { FOLDER, fileEntry, writeSteps } from '../sample.ts';
import { assertFull, openConnections } from './connection.ts';
import { openSqliteMetadata } from './store.ts';

const directory = mkdtempSync(join(tmpdir(), 'syncer-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
const freshPath = (): string => {
  files += 1;
  return join(directory, `${files}.db`);
};

metadataStoreContract('sqlite', () => openSqliteMetadata({ path: freshPath() }));

describe('durability', () => {
  it('finds everything after a close', async () => {
    const path = freshPath();
    const written = await using(path, async (store) => {
      await store.openFolder(FOLDER, 'an-epoch');
      return writeSteps(store, [{ node: 'a', entry: fileEntry('a') }]);
    });
    await using(path, async (store) => {
      expect(await store.openFolder(FOLDER, 'new')).toEqual({ epoch: 'an-epoch', cursor: 1 });
      expect(await store.history(FOLDER, { limit: 9 })).toEqual(written);
      expect((await store.nodes(FOLDER, ['a'])).get('a')).toEqual(written[0]?.after);
    });
  });

  it('waits for the disk on every connection, also after a write and a reopen', () => {
    const path = freshPath();
    for (let round = 0; round < 2; round += 1) {
      const { writer, reader } = openConnections(path);
      writer.exec("INSERT INTO folders (name, epoch, cursor) VALUES (hex(randomblob(8)), '', 0)");
      for (const database of [writer, reader]) {
        expect(database.pragma('synchronous', { simple: true })).toBe(2);
        expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
        expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
        expect(database.pragma('busy_timeout', { simple: true })).toBe(5_000);
        database.close();
      }
    }
  });

  it('notices a connection that does not', () => {
    const database = new Database(freshPath());
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE t (x)');
    expect(() => assertFull(database)).toThrow('not FULL');
    database.close();
  });

  it('[D25] has every acknowledged transaction, whole, after a SIGKILL', async () => {
    const path = freshPath();
    const acknowledged = await killWhileWriting(path, 150);
    expect(acknowledged.length).toBeGreaterThanOrEqual(150);
    await using(path, async (store) => {
      const { cursor = 0 } = (await store.folder(FOLDER)) ?? {};
      expect(cursor).toBeGreaterThanOrEqual(acknowledged.length * 3);
      expect(cursor % 3).toBe(0);
      const nodes = acknowledged.flatMap((id) => [`${id}-0`, `${id}-1`, `${id}-2`]);
      expect((await store.nodes(FOLDER, nodes)).size).toBe(nodes.length);
      expect((await store.children(FOLDER, [ROOT])).size).toBe(cursor);
      expect(await store.counts(FOLDER)).toMatchObject({ history: cursor, files: cursor });
    });
  });
});

describe('the file', () => {
  const corrupt = async (path: string, at: number): Promise<void> => {
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(2_000, 0xab), 0, 2_000, at);
    await file.close();
  };

  it('[D21] is refused, and left alone, when a newer version wrote it', async () => {
    const path = freshPath();
    await using(path, (store) => store.openFolder(FOLDER, 'an-epoch'));
    const newer = new Database(path);
    newer.pragma('user_version = 99');
    newer.close();
    const bytes = await readFile(path);
    await expect(openSqliteMetadata({ path })).rejects.toThrow(/newer version.*schema is 99/);
    expect(await readFile(path)).toEqual(bytes);
  });

  it('[D21] that an older version wrote gets the steps that it lacks, and keeps what it holds', async () => {
    const path = freshPath();
    await using(path, async (store) => {
      await store.openFolder(FOLDER, 'an-epoch');
      await writeSteps(store, [{ node: 'a', entry: fileEntry('a') }]);
      await writeSteps(store, [{ node: 'a', entry: undefined }]);
    });
    const older = new Database(path);
    older.exec('DROP TRIGGER changes_pruned; DROP TABLE activity');
    older.exec('DROP INDEX changes_deleted; PRAGMA user_version = 1');
    older.exec('ALTER TABLE chain DROP COLUMN removed; DELETE FROM changes WHERE cursor = 1');
    older.close();
    await using(path, async (store) => {
      const links = await store.commitsBefore(FOLDER, { before: undefined, limit: 9 });
      expect(links).toMatchObject([
        { first: 2, removed: 0 },
        { first: 1, last: 1, removed: 1 },
      ]);
      expect(await store.deletions(FOLDER, { limit: 9 })).toMatchObject([{ node: 'a', cursor: 2 }]);
      const span = { since: 0, until: 2 ** 40, step: 2 ** 40 };
      expect(await store.activity(FOLDER, span)).toMatchObject([{ creates: 0, deletes: 1 }]);
    });
  });

  it('[D21] is refused, and left alone, when it is another program’s', async () => {
    const path = freshPath();
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE recipes (name TEXT)');
    foreign.close();
    const bytes = await readFile(path);
    await expect(openSqliteMetadata({ path })).rejects.toThrow('another program');
    expect(await readFile(path)).toEqual(bytes);
  });

  it('[D21] whose making was cut off is made anew', async () => {
    const path = freshPath();
    const module = createRequire(import.meta.url).resolve('better-sqlite3');
    const half = `
      const database = new (require(${JSON.stringify(module)}))(${JSON.stringify(path)});
      database.pragma('journal_mode = WAL');
      database.exec('BEGIN IMMEDIATE; CREATE TABLE folders (id INTEGER); PRAGMA user_version = 1');
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=commonjs', '--eval', half]);
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    await using(path, async (store) => {
      await store.openFolder(FOLDER, 'an-epoch');
      await writeSteps(store, [{ node: 'a', entry: fileEntry('a') }]);
      expect(await store.folder(FOLDER)).toEqual({ epoch: 'an-epoch', cursor: 1 });
    });
  });

  it('is refused when it is no database', async () => {
    const path = freshPath();
    await writeFile(path, 'Dear diary, today I was opened as a database.\n'.repeat(99));
    await expect(openSqliteMetadata({ path })).rejects.toThrow(/damaged or is no database/);
  });

  it('is refused when a page of it is damaged', async () => {
    const path = freshPath();
    await using(path, async (store) => {
      await store.openFolder(FOLDER, 'an-epoch');
      const steps = Array.from({ length: 500 }, (_, i) => ({
        node: `n${i}`,
        entry: fileEntry(`${i}`),
      }));
      await writeSteps(store, steps);
    });
    const size = (await readFile(path)).length;
    await corrupt(path, Math.floor(size / 2 / 4096) * 4096);
    await expect(openSqliteMetadata({ path })).rejects.toThrow('damaged');
  });

  it('cannot be written to by the reader', () => {
    const { writer, reader } = openConnections(freshPath());
    expect(() => reader.exec('DELETE FROM folders')).toThrow('readonly');
    reader.close();
    writer.close();
  });

  it('is shared with another store: each sees what the other committed', async () => {
    const path = freshPath();
    await using(path, (one) =>
      using(path, async (other) => {
        await one.openFolder(FOLDER, 'an-epoch');
        await writeSteps(other, [{ node: 'a', entry: fileEntry('a') }]);
        await writeSteps(one, [{ node: 'b', entry: fileEntry('b') }]);
        expect(await other.folder(FOLDER)).toEqual({ epoch: 'an-epoch', cursor: 2 });
        expect((await one.nodes(FOLDER, ['a', 'b'])).size).toBe(2);
      }),
    );
  });
});

async function using<T>(path: string, body: (store: MetadataStore) => Promise<T>): Promise<T> {
  const store = await openSqliteMetadata({ path });
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

/** Ten writers at once, each transaction of three records, told on a line of its own once it is done. */
const WRITING = (path: string): string => `
  import { openSqliteMetadata } from ${JSON.stringify(new URL('store.ts', import.meta.url))};
  import { FOLDER, fileEntry, writeSteps } from ${JSON.stringify(new URL('../sample.ts', import.meta.url))};
  import { writeSync } from 'node:fs';
  const store = await openSqliteMetadata({ path: ${JSON.stringify(path)} });
  await store.openFolder(FOLDER, 'an-epoch');
  const step = (node) => ({ node, entry: fileEntry(node) });
  const write = async (writer) => {
    for (let i = 0; ; i += 1) {
      const id = writer + '-' + i;
      await writeSteps(store, [step(id + '-0'), step(id + '-1'), step(id + '-2')]);
      writeSync(1, id + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, i) => write('w' + i)));
`;

/** Answers the ids of the transactions that were acknowledged before the process was killed. */
async function killWhileWriting(path: string, enough: number): Promise<string[]> {
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval'];
  const child: ChildProcess = spawn(process.execPath, [...options, WRITING(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  let told = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > enough) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return told.split('\n').slice(0, -1);
}
