import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

// To be imported before anything that takes these functions for its own.

/** What was done in this process. */
export const counts = { syncs: 0, statements: 0, transactions: 0 };

const STEPS = ['run', 'get', 'all', 'iterate'] as const;

function countSyncs(): void {
  const { fsync, fsyncSync } = fs;
  Object.assign(fs, {
    fsync: (...args: Parameters<typeof fsync>) => {
      counts.syncs += 1;
      fsync(...args);
    },
    fsyncSync: (fd: number) => {
      counts.syncs += 1;
      fsyncSync(fd);
    },
  });
  syncBuiltinESMExports();
}

/** Those of `node:fs/promises`, which have no name of their own. */
async function countHandleSyncs(): Promise<void> {
  const path = join(tmpdir(), `syncer-costs-${process.pid}`);
  const handle = await open(path, 'w');
  const prototype: { sync: () => Promise<void> } = Object.getPrototypeOf(handle);
  await handle.close();
  fs.rmSync(path);
  const { sync } = prototype;
  prototype.sync = function counted(): Promise<void> {
    counts.syncs += 1;
    return sync.call(this);
  };
}

function countStatements(): void {
  const { prepare, exec } = Database.prototype;
  const counted = new WeakSet<object>();
  Object.assign(Database.prototype, {
    prepare(this: Database.Database, source: string) {
      const statement = prepare.call(this, source);
      const prototype = Object.getPrototypeOf(statement);
      if (!counted.has(prototype)) countSteps(prototype);
      counted.add(prototype);
      return statement;
    },
    exec(this: Database.Database, source: string) {
      note(source);
      return exec.call(this, source);
    },
  });
}

function countSteps(prototype: Record<(typeof STEPS)[number], (...args: unknown[]) => unknown>) {
  for (const name of STEPS) {
    const step = prototype[name];
    prototype[name] = function counted(this: { source: string }, ...args: unknown[]) {
      note(this.source);
      return step.apply(this, args);
    };
  }
}

/** Of transactions that only read; the clock ends them. */
const READING = /^(BEGIN DEFERRED|END)$/;

function note(source: string): void {
  if (READING.test(source)) return;
  if (/^\s*COMMIT/i.test(source)) counts.transactions += 1;
  else counts.statements += 1;
}

countSyncs();
await countHandleSyncs();
countStatements();
