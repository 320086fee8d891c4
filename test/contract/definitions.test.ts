import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ClientConfig } from '../../src/protocol/client-config.ts';
import { ClientInfo } from '../../src/protocol/client-info.ts';
import { ConflictResolution } from '../../src/protocol/conflict.ts';
import { FileInfo } from '../../src/protocol/file-info.ts';
import { fits } from '../../src/protocol/parse.ts';
import { plainSchema } from '../../src/protocol/plain-schema.ts';
import { ServerConfig } from '../../src/protocol/server-config.ts';
import { SyncMessage, SyncOperation, SyncRequest, SyncResponse } from '../../src/protocol/sync.ts';
import { ROOT } from '../house/source.ts';

const time = '2026-11-22T17:54:14.000Z';
const file = { path: 'd/a.txt', size: 3, checksum: 'ab'.repeat(32), modified_time: time };
const directory = { path: 'd', size: 0, checksum: '', modified_time: time, is_directory: true };

interface Model {
  readonly schema: TSchema;
  /** Whole and right. */
  readonly value: Readonly<Record<string, unknown>>;
  /** What may be left out. */
  readonly optional?: readonly string[];
  /** For each field, values that it does not take. */
  readonly wrong: Readonly<Record<string, readonly unknown[]>>;
}

const NO_TIME = ['', 'yesterday', '2026-13-01T00:00:00Z', 5];
const NO_PATH = ['', '/a', '../a', 'a/../b', 'a\\b', 'a//b', 5];

const MODELS: Readonly<Record<string, Model>> = {
  FileInfo: {
    schema: FileInfo,
    value: { ...file, is_directory: false },
    optional: ['is_directory'],
    wrong: {
      path: NO_PATH,
      size: [-1, 1.5, '3', null],
      checksum: ['', 'abc', 'zz'.repeat(32), 5],
      modified_time: NO_TIME,
      is_directory: ['no', 0],
    },
  },
  SyncMessage: {
    schema: SyncMessage,
    value: { operation: 'move', file_info: file, client_id: 'c', timestamp: time, old_path: 'b' },
    optional: ['old_path'],
    wrong: {
      operation: ['copy', ''],
      file_info: [{}, null],
      client_id: ['', 'a/b', 5],
      timestamp: NO_TIME,
      old_path: NO_PATH,
    },
  },
  ClientInfo: {
    schema: ClientInfo,
    value: { client_id: 'c', name: 'C', sync_root: '/c', last_seen: time, is_online: true },
    optional: ['last_seen', 'is_online'],
    wrong: {
      client_id: ['', 'a/b'],
      name: ['', 'a?b', 'x'.repeat(51)],
      sync_root: ['', 5],
      last_seen: NO_TIME,
      is_online: ['yes'],
    },
  },
  SyncRequest: {
    schema: SyncRequest,
    value: { client_id: 'c', files: [file, directory], sync_root: '/c' },
    wrong: { client_id: [''], files: [null, [{}], [{ ...file, size: -1 }]], sync_root: [''] },
  },
  SyncResponse: {
    schema: SyncResponse,
    value: {
      ...{ success: true, message: 'One.', files_to_sync: [file], conflicts: ['b'] },
      ...{ uploads: ['d/a.txt'], downloads: [] },
    },
    wrong: {
      success: ['yes'],
      message: [5],
      files_to_sync: [[{}], null],
      conflicts: [[5], 'b'],
      uploads: [[5]],
      downloads: [[5]],
    },
  },
  ConflictResolution: {
    schema: ConflictResolution,
    value: { file_path: 'a.txt', resolution: 'local', timestamp: time },
    wrong: { file_path: NO_PATH, resolution: ['both', 'newest', ''], timestamp: NO_TIME },
  },
};

describe.each(Object.entries(MODELS))('[contract 5] %s', (_, model) => {
  const { schema, value, optional = [], wrong } = model;

  it('has the fields that are listed, and each is checked', () => {
    expect(Object.keys(plainSchema(schema).properties ?? {}).sort()).toEqual(
      Object.keys(value).sort(),
    );
    expect(Object.keys(wrong).sort()).toEqual(Object.keys(value).sort());
    expect(fits(schema, value)).toBe(true);
  });

  it.each(Object.keys(value))('%s: absent or wrong', (field) => {
    const { [field]: _left, ...others } = value;
    expect(fits(schema, others)).toBe(optional.includes(field));
    for (const bad of wrong[field] ?? []) {
      expect({ bad, fits: fits(schema, { ...value, [field]: bad }) }).toEqual({ bad, fits: false });
    }
  });
});

describe('[contract 5] in particular', () => {
  it('there are four operations, and three ways to settle a conflict', () => {
    for (const operation of ['create', 'update', 'delete', 'move'])
      expect(fits(SyncOperation, operation)).toBe(true);
    expect(fits(SyncOperation, 'rename')).toBe(false);
    const value = MODELS.ConflictResolution?.value;
    for (const resolution of ['local', 'remote', 'merge'])
      expect(fits(ConflictResolution, { ...value, resolution })).toBe(true);
  });

  it('a directory has an empty checksum, a file never', () => {
    expect(fits(FileInfo, directory)).toBe(true);
    expect(fits(FileInfo, { ...directory, is_directory: false })).toBe(false);
    const { is_directory: _, ...unsaid } = directory;
    expect(fits(FileInfo, unsaid)).toBe(false);
  });

  it('the defaults are stated in the definitions', () => {
    expect(plainSchema(FileInfo).properties?.is_directory?.default).toBe(false);
    expect(plainSchema(ClientInfo).properties?.is_online?.default).toBe(true);
  });

  it('each model is typed from the definition that it is checked by', () => {
    const folder = join(ROOT, 'src/protocol');
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const names = [...Object.keys(MODELS), 'SyncOperation', 'ServerConfig', 'ClientConfig'];
    for (const name of names) {
      expect(text).toContain(`export type ${name} = Static<typeof ${name}>;`);
      expect(text).not.toContain(`interface ${name} `);
    }
    for (const schema of [ServerConfig, ClientConfig])
      expect(plainSchema(schema).additionalProperties).toBe(false);
  });
});
