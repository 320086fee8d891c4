import { describe, expect, it } from 'vitest';
import { namedImplementations, strayDrivers } from './homes.ts';
import { readSources } from './source.ts';

const code = readSources().filter(({ path }) => /^src\/.*\.tsx?$/.test(path));
const paths = code.map(({ path }) => path);

const importing = (path: string, specifier: string) => ({
  path,
  text: `import x from '${specifier}';\n`,
});

describe('one home per driver', () => {
  it.each([
    ['src/server/commit.ts', 'better-sqlite3'],
    ['src/server/metadata/sqlite/store.ts', 'pg'],
    ['src/server/objects/filesystem.ts', '@aws-sdk/client-s3'],
    ['src/client/sync.ts', 'fastify'],
    ['src/server/notify.ts', 'ws'],
    ['src/client/sync.ts', 'picocolors'],
    ['src/client/ignore.ts', 'ignore'],
  ])('%s may not import %s', (path, specifier) => {
    expect(strayDrivers(importing(path, specifier))).toHaveLength(1);
  });

  it.each([
    ['src/server/metadata/sqlite/store.ts', 'better-sqlite3'],
    ['src/client/state/sqlite.ts', 'better-sqlite3'],
    ['src/server/metadata/postgres/store.ts', 'pg'],
    ['src/server/objects/s3.ts', '@aws-sdk/client-s3'],
    ['src/server/routes/health.ts', '@fastify/multipart'],
    ['src/client/live/websocket.ts', 'ws'],
    ['src/client/commands/status.ts', 'cli-table3'],
    ['src/client/status-terminal.ts', 'picocolors'],
    ['src/core/ignore.test.ts', 'ignore'],
  ])('%s may import %s', (path, specifier) => {
    expect(strayDrivers(importing(path, specifier))).toEqual([]);
  });

  it('is kept here', () => {
    expect(code.flatMap(strayDrivers)).toEqual([]);
  });
});

describe('implementations of a port', () => {
  const sample = ['src/client/disk/contract.ts', 'src/server/metadata/contract.ts'];
  const named = (path: string, specifier: string): number =>
    namedImplementations(importing(path, specifier), sample).length;

  it('are not named by a step', () => {
    expect(named('src/client/sync.ts', './disk/memory.ts')).toBe(1);
    expect(named('src/server/commit.ts', './metadata/sqlite/store.ts')).toBe(1);
  });

  it('are named by main, by tests and by each other', () => {
    expect(named('src/client/main.ts', './disk/node.ts')).toBe(0);
    expect(named('src/client/sync.test.ts', './disk/memory.ts')).toBe(0);
    expect(named('src/server/metadata/sqlite/store.ts', './rows.ts')).toBe(0);
    expect(named('src/client/sync.ts', './disk/portable-name.ts')).toBe(0);
  });

  it('are named nowhere else here', () => {
    expect(code.flatMap((source) => namedImplementations(source, paths))).toEqual([]);
  });
});
