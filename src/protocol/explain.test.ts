import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { WireChange } from './change.ts';
import { ClientInfo } from './client-info.ts';
import { CommitRequest } from './commit.ts';
import { explain } from './explain.ts';
import { FileInfo } from './file-info.ts';
import { fits } from './parse.ts';
import { WireRemoteChange } from './remote-change.ts';
import { ServerConfig } from './server-config.ts';

const SHA = 'a'.repeat(64);
const file = { checksum: SHA, size: 1, mtime: 2, executable: false };
const place = { parent: 'root', name: 'a' };
const values: readonly [TSchema, unknown][] = [
  [FileInfo, { path: 'a', size: 0, checksum: SHA, modified_time: '2024-01-01T00:00:00Z' }],
  [
    FileInfo,
    { path: 'a', size: 0, checksum: '', modified_time: '2024-01-01T00:00:00Z', is_directory: true },
  ],
  [ClientInfo, { client_id: 'c', name: 'n', sync_root: '/' }],
  [WireChange, { type: 'create', node: 'n', kind: 'file', place, content: file }],
  [WireChange, { type: 'create', node: 'n', kind: 'directory', place }],
  [WireChange, { type: 'update', node: 'n', content: { ...file, replaces: 3 } }],
  [WireChange, { type: 'delete', node: 'n', replaces_place: 1, replaces_content: 2 }],
  [WireRemoteChange, { cursor: 1, node: 'n', entry: null }],
];

/** Any value, or one that is right but for one field, at any depth. */
const nearly = (value: unknown): fc.Arbitrary<unknown> =>
  fc.oneof(fc.jsonValue(), fc.constant(value), ...replaced(value));

function replaced(value: unknown): fc.Arbitrary<unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    nearly(part).map((other) => ({ ...value, [key]: other })),
    fc.constant(Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))),
    fc.constant({ ...value, more: 1 }),
  ]);
}

describe('explain', () => {
  it.each(values)('finds a reason exactly when the value does not fit (%#)', (schema, value) => {
    expect(explain(schema, value)).toEqual([]);
    fc.assert(
      fc.property(
        nearly(value),
        (other) => (explain(schema, other).length === 0) === fits(schema, other),
      ),
      { numRuns: 500 },
    );
  });

  it('names the field and the reason in plain words', () => {
    const wrong = { type: 'update', node: 'n', content: { ...file, size: -1, replaces: 3 } };
    const commit = {
      client_id: 'c',
      key: 'k',
      epoch: 'e',
      changes: [wrong],
      manifests: [],
      chunks: [],
    };
    expect(explain(CommitRequest, commit)).toEqual([
      { field: 'changes[0].content.size', reason: 'must be at least 0' },
    ]);
    const create = {
      type: 'create',
      node: '!',
      kind: 'file',
      place: { ...place, name: '' },
      content: file,
    };
    expect(explain(CommitRequest, { ...commit, changes: [create] })).toEqual([
      { field: 'changes[0].node', reason: 'must be a node id: 1 to 64 of A-Z, a-z, 0-9, _ and -' },
      { field: 'changes[0].place.name', reason: 'must not be empty' },
    ]);
    expect(explain(CommitRequest, { ...commit, changes: [{ type: 'rename' }], extra: 1 })).toEqual([
      { field: 'extra', reason: 'is not known here' },
      { field: 'changes[0]', reason: 'is of no kind known here' },
    ]);
    expect(explain(CommitRequest, { ...commit, changes: [7] })).toEqual([
      { field: 'changes[0]', reason: 'must be an object' },
    ]);
    expect(explain(ClientInfo, 7)).toEqual([{ field: '', reason: 'must be an object' }]);
    expect(explain(ServerConfig, { api_keys: ['short'] })[0]?.field).toBe('host');
  });

  it('stops at the number of reasons asked for, however many there are', () => {
    const changes = Array.from({ length: 10_000 }, () => 1);
    expect(explain(CommitRequest, { changes }, 20)).toHaveLength(20);
  });
});
