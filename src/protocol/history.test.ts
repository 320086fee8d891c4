import { describe, expect, it } from 'vitest';
import type { Versioned } from '../core/entry.ts';
import { History, HistoryQuery, type HistoryRecord, historyToWire } from './history.ts';
import { fits } from './parse.ts';

const entry: Versioned = {
  kind: 'file',
  parent: 'root',
  name: 'b',
  checksum: 'ab'.repeat(32),
  size: 5,
  mtime: 0,
  executable: false,
  placeVersion: 2,
  contentVersion: 1,
  author: 'laptop',
};
const moved: HistoryRecord = {
  cursor: 2,
  node: 'n',
  before: { ...entry, name: 'a' },
  after: entry,
  operation: 'move',
  path: 'b',
  oldPath: 'a',
  clientId: 'c',
  clientName: 'laptop',
  time: 0,
  cause: 'sync',
};

describe('a line of the history', () => {
  it('says who did what to which file, when', () => {
    const line = historyToWire(moved);
    expect(line).toEqual({
      cursor: 2,
      time: '1970-01-01T00:00:00.000Z',
      operation: 'move',
      path: 'b',
      old_path: 'a',
      node: 'n',
      kind: 'file',
      client_id: 'c',
      client_name: 'laptop',
      cause: 'sync',
      checksum: entry.checksum,
      size: 5,
    });
    expect(fits(History, { history: [line] })).toBe(true);
  });

  it('of a deletion tells what was deleted', () => {
    const { oldPath: _, ...rest } = moved;
    const line = historyToWire({ ...rest, operation: 'delete', before: entry, after: undefined });
    expect(line).toMatchObject({
      operation: 'delete',
      kind: 'file',
      checksum: entry.checksum,
      size: 5,
    });
    expect('old_path' in line).toBe(false);
  });

  it('of a directory has neither checksum nor size', () => {
    const directory: Versioned = {
      kind: 'directory',
      parent: 'root',
      name: 'd',
      placeVersion: 1,
      contentVersion: 1,
      author: 'a',
    };
    const line = historyToWire({ ...moved, before: undefined, after: directory });
    expect('checksum' in line || 'size' in line).toBe(false);
  });
});

it('at most 1,000 lines are asked for at once', () => {
  expect(fits(HistoryQuery, { path: 'a/b', since: '2024-01-01T00:00:00Z', limit: 1000 })).toBe(
    true,
  );
  expect(fits(HistoryQuery, { limit: 1001 })).toBe(false);
  expect(fits(HistoryQuery, { limit: 0 })).toBe(false);
});
