import { describe, expect, it } from 'vitest';
import { type Down, readDown, readUp, type Up, writeDown, writeUp } from './message.ts';

const from = { clientId: 'c1', now: 0 };
const time = '2024-01-02T03:04:05Z';
const file_info = { path: 'a', size: 0, checksum: 'ab'.repeat(32), modified_time: time };
const pushed = {
  epoch: 'e',
  chain: 'c'.repeat(64),
  since: 1,
  cursor: 2,
  changes: [{ cursor: 2, node: 'n', entry: null }],
  chunks: [],
};
const sync = { files_to_sync: [file_info], conflicts: [], uploads: ['a'], downloads: [] };
const change = { file_path: 'a', client_id: 'c2' };

const ups: readonly Up[] = [
  {
    type: 'client_connect',
    data: { client_id: 'c1', client_name: 'laptop', sync_root: '/', api_key: null },
  },
  {
    type: 'client_connect',
    data: { client_id: 'c1', client_name: 'laptop', protocol_version: 1, cursor: 7 },
  },
  { type: 'client_disconnect', data: {} },
  {
    type: 'file_changed',
    data: { operation: 'move', file_path: 'b', old_path: 'a', client_id: 'c1' },
  },
  { type: 'sync_request', data: { client_id: 'c1', files: [file_info], sync_root: '/' } },
  { type: 'heartbeat', data: { client_id: 'c1', timestamp: time } },
  { type: 'error', data: { error_code: 'internal', message: 'Help.' } },
];

const downs: readonly Down[] = [
  { type: 'client_connect', data: { success: true, message: '', server_time: time } },
  {
    type: 'client_connect',
    data: {
      success: true,
      message: '',
      server_time: time,
      protocol_version: 1,
      epoch: 'e',
      cursor: 0,
    },
  },
  { type: 'client_joined', data: { client_id: 'c2', name: 'phone' } },
  { type: 'client_left', data: { client_id: 'c2', name: 'phone' } },
  { type: 'file_changed', data: { ...change, operation: 'create', file_info } },
  { type: 'file_changed', data: { ...change, operation: 'delete', pushed } },
  { type: 'file_updated', data: { ...change, operation: 'move', old_path: 'b' } },
  { type: 'file_deleted', data: { ...change, operation: 'delete' } },
  { type: 'behind', data: { cursor: 9 } },
  { type: 'sync_response', data: { success: true, message: '', ...sync } },
  { type: 'heartbeat', data: { client_id: 'c1', timestamp: time } },
  { type: 'error', data: { error_code: 'bad_request', message: 'No.', details: [] } },
];

describe('messages up', () => {
  it.each(ups)('$type comes back as it went', (message) => {
    expect(readUp(writeUp(message, from))).toEqual(message);
  });

  it('travel in an envelope', () => {
    const text = writeUp({ type: 'heartbeat', data: {} }, from);
    expect(JSON.parse(text)).toEqual({
      type: 'heartbeat',
      data: {},
      client_id: 'c1',
      timestamp: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([
    '',
    'hello',
    'null',
    '[]',
    '{}',
    '{"type":5,"data":{}}',
    '{"type":"toString","data":{}}',
    '{"type":"__proto__","data":{}}',
    '{"type":"file_changed"}',
    '{"type":"file_changed","data":[]}',
    '{"type":"file_changed","data":{"operation":"create","file_path":"../a"}}',
    '{"type":"client_connect","data":{"client_id":"c1"}}',
    '{"type":"behind","data":{"cursor":1}}',
    '{"type":"heartbeat","data":{},"timestamp":"today"}',
  ])('%s is refused as bad_request', (text) => {
    expect(() => readUp(text)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });

  it('drop what other clients add; what they leave out and nobody needs is not missed', () => {
    const text = '{"type":"heartbeat","data":{"mood":"fine"},"extra":1}';
    expect(readUp(text)).toEqual({ type: 'heartbeat', data: {} });
    expect(readUp('{"type":"client_disconnect","data":null}').data).toEqual({});
    expect(readUp('{"type":"heartbeat"}').data).toEqual({});
  });
});

describe('messages down', () => {
  it.each(downs)('$type comes back as it went', (message) => {
    expect(readDown(writeDown(message, from))).toEqual(message);
  });

  it('a type of a newer server is nothing; a known one that is wrong is a failure', () => {
    expect(readDown('{"type":"news","data":{}}')).toBeUndefined();
    expect(() => readDown('{"type":"behind","data":{"cursor":-1}}')).toThrow('cursor');
    expect(() => readDown('<html>')).toThrow('JSON');
  });
});
