import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ClientInfo } from './client-info.ts';
import { ConflictResolution } from './conflict.ts';
import { Done, Health, Uploaded, UploadFields } from './contract-answer.ts';
import { fits } from './parse.ts';
import { SyncMessage, SyncOperation, SyncRequest, SyncResponse } from './sync.ts';

const time = '2024-01-02T03:04:05Z';
const file_info = { path: 'a', size: 0, checksum: 'ab'.repeat(32), modified_time: time };
const client = { client_id: 'c1', name: 'laptop', sync_root: 'C:\\Users\\me\\Files' };
const message = { operation: 'move', file_info, client_id: 'c1', timestamp: time, old_path: 'b' };

/** Each model of the contract: one value that it takes, and fields that spoil it. */
const models: readonly [string, TSchema, object, readonly object[]][] = [
  [
    'ClientInfo',
    ClientInfo,
    { ...client, last_seen: time, is_online: true },
    [{ name: 'a/b' }, { last_seen: 5 }, { client_id: '' }],
  ],
  [
    'SyncRequest',
    SyncRequest,
    { client_id: 'c1', files: [file_info], sync_root: '/' },
    [{ files: [{}] }, { files: null }],
  ],
  [
    'SyncResponse',
    SyncResponse,
    {
      success: true,
      message: '',
      files_to_sync: [file_info],
      conflicts: ['b'],
      uploads: ['a'],
      downloads: [],
    },
    [{ conflicts: [1] }, { uploads: undefined }],
  ],
  [
    'SyncMessage',
    SyncMessage,
    message,
    [{ operation: 'copy' }, { old_path: '../b' }, { timestamp: '' }],
  ],
  [
    'ConflictResolution',
    ConflictResolution,
    { file_path: 'a', resolution: 'merge', timestamp: time },
    [{ resolution: 'both' }, { file_path: '/a' }],
  ],
  ['Health', Health, { status: 'healthy', timestamp: time, uptime: 5 }, [{ status: 'ill' }]],
  ['Done', Done, { success: true, message: '' }, [{ success: 1 }]],
  ['Uploaded', Uploaded, { success: true, message: '', file_info }, [{ file_info: undefined }]],
  [
    'UploadFields',
    UploadFields,
    { relative_path: 'a/b', client_id: 'c1', compression_type: 'gzip', original_size: 5 },
    [{ compression_type: 'zip' }, { relative_path: '..' }, { original_size: -1 }],
  ],
];

describe.each(models)('%s', (...[, schema, value, spoilt]) => {
  it('takes what the contract says', () => expect(fits(schema, value)).toBe(true));
  it.each(spoilt)('refuses %j', (fields) => {
    expect(fits(schema, { ...value, ...fields })).toBe(false);
  });
  it('needs its fields', () => expect(fits(schema, {})).toBe(false));
});

it('a message without an old path may leave it out or say null', () => {
  const { old_path: _, ...without } = message;
  expect(fits(SyncMessage, without)).toBe(true);
  expect(fits(SyncMessage, { ...message, old_path: null })).toBe(true);
});

it('there are four operations', () => {
  for (const operation of ['create', 'update', 'delete', 'move']) {
    expect(fits(SyncOperation, operation)).toBe(true);
  }
  expect(fits(SyncOperation, 'rename')).toBe(false);
});
