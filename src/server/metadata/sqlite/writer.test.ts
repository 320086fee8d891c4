import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from './connection.ts';
import { Writer } from './writer.ts';

let directory: string;
let database: Database.Database;
let writer: Writer;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  database = connect(join(directory, 'a.db'));
  database.pragma('busy_timeout = 0');
  database.exec('CREATE TABLE parents (x INTEGER PRIMARY KEY)');
  database.exec('CREATE TABLE t (x INTEGER PRIMARY KEY, parent REFERENCES parents)');
  writer = new Writer(database);
});
afterEach(async () => {
  await writer.drain();
  database.close();
  rmSync(directory, { recursive: true });
});

const insert = (x: number) => database.prepare('INSERT INTO t (x) VALUES (?)').run(x);
const kept = () => database.prepare('SELECT x FROM t ORDER BY x').pluck().all();

it('commits what waits together once, but for the parts that throw', async () => {
  const begun: boolean[] = [];
  const jobs = [1, 2, 3, 4].map((x) =>
    writer.write(async () => {
      begun.push(database.inTransaction);
      insert(x);
      await undefined;
      if (x === 2) throw new Error('refused');
      return x;
    }),
  );
  const settled = await Promise.allSettled(jobs);
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 0))).toEqual([1, 0, 3, 4]);
  expect(kept()).toEqual([1, 3, 4]);
  expect(begun).toEqual([true, true, true, true]);
});

it('tells nobody how it went before the commit is there', async () => {
  const told: string[] = [];
  const watched = (job: Promise<unknown>) =>
    job.then(
      () => told.push('done'),
      () => told.push('refused'),
    );
  const first = watched(writer.write(() => insert(1)));
  const second = watched(writer.write(() => Promise.reject(new Error('refused'))));
  const third = watched(writer.write(() => told.push('third runs')));
  await Promise.all([first, second, third]);
  expect(told).toEqual(['third runs', 'done', 'refused', 'done']);
});

it('fails all parts of a group when its commit fails, and goes on with the next', async () => {
  const orphan = writer.write(() => {
    // Looked at only by the commit, which then fails.
    database.pragma('defer_foreign_keys = ON');
    database.exec('INSERT INTO t VALUES (1, 99)');
  });
  const refused = writer.write(() => Promise.reject(new Error('refused for its own reason')));
  const settled = await Promise.allSettled([orphan, writer.write(() => insert(2)), refused]);
  for (const one of settled) {
    expect(one).toMatchObject({ status: 'rejected', reason: { message: /FOREIGN KEY/ } });
  }
  expect(kept()).toEqual([]);
  await writer.write(() => insert(3));
  expect(kept()).toEqual([3]);
});

it('fails when another process holds the database, and goes on when it lets go', async () => {
  const other = new Database(join(directory, 'a.db'));
  other.exec('BEGIN IMMEDIATE');
  await expect(writer.write(() => insert(1))).rejects.toThrow('locked');
  other.close();
  await writer.write(() => insert(2));
  expect(kept()).toEqual([2]);
});

it('runs far more than one group, in order', async () => {
  const order: number[] = [];
  const all = Array.from({ length: 500 }, (_, x) => x);
  await Promise.all(all.map((x) => writer.write(() => insert(x) && order.push(x))));
  expect(order).toEqual(all);
  expect(kept()).toEqual(all);
});
