import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/protocol/failure.ts';
import {
  hashOf,
  type MemoryApp,
  type MemoryAppOptions,
  memoryApp,
  register,
  upload,
  uploadAll,
} from '../memory-app.ts';

const KEY = 'a-key-of-the-server';

async function withFile(options: MemoryAppOptions = {}): Promise<MemoryApp> {
  const world = await memoryApp(options);
  await register(world.app);
  await uploadAll(world.app, { 'a.txt': '0123456789' });
  return world;
}

/** Each status of the contract's list, by a request that deserves it. */
const REFUSALS: readonly (readonly [number, string, () => Promise<Answered>])[] = [
  [400, 'bad_request', async () => (await withFile()).app.inject({ method: 'POST', ...JSON_BODY })],
  [400, 'bad_name', async () => (await withFile()).app.inject('/download/a%5cb')],
  [401, 'unauthorized', async () => (await memoryApp({ apiKeys: [KEY] })).app.inject('/v1/stats')],
  [
    403,
    'not_registered',
    async () => upload((await withFile()).app, { path: 'b', bytes: 'x', clientId: 'eve' }),
  ],
  [404, 'not_found', async () => (await withFile()).app.inject('/download/no-such-file')],
  [409, 'conflict', async () => upload((await withFile()).app, { path: 'a.txt/b', bytes: 'x' })],
  [
    413,
    'file_too_large',
    async () =>
      upload((await withFile({ maxFileSize: 10 })).app, { path: 'b', bytes: '12345678901' }),
  ],
  [
    415,
    'extension_not_allowed',
    async () =>
      upload((await withFile({ allowedExtensions: ['.txt'] })).app, { path: 'b.exe', bytes: 'x' }),
  ],
  [
    416,
    'range_not_satisfiable',
    async () =>
      (await withFile()).app.inject({ url: '/download/a.txt', headers: { range: 'bytes=10-' } }),
  ],
  [
    422,
    'checksum_mismatch',
    async () =>
      upload((await withFile()).app, { path: 'b', bytes: 'x', more: [['original_size', '2']] }),
  ],
  [
    429,
    'too_many_requests',
    async () => {
      const { app } = await memoryApp({ requestsPerSecond: 1 });
      await app.inject('/health');
      return app.inject('/health');
    },
  ],
  [
    507,
    'disk_full',
    async () => {
      const { app, objects } = await withFile();
      objects.capacity = 0;
      return upload(app, { path: 'b', bytes: 'x' });
    },
  ],
];

type Answered = Awaited<ReturnType<MemoryApp['app']['inject']>>;

const JSON_BODY = { url: '/register', payload: { client_id: 5 } };

describe('[contract 3] errors', () => {
  it.each(REFUSALS)('%i: a code, a sentence, and nothing of the server (%s)', async (...row) => {
    const [status, code, ask] = row;
    const answer = await ask();
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const body = answer.json();
    expect(body.error_code).toBe(code);
    expect(body.message).toMatch(/^\S+ [^\n]+\.$/);
    expect(answer.body).not.toMatch(/\.ts|node_modules|node:|\n\s+at |SQLITE|pack-\d/);
    expect(answer.body).not.toContain(KEY);
    expect(answer.body).not.toContain(process.cwd());
  });

  it('have the statuses that are listed, and no other below 500 but one for versions', () => {
    const listed = [...new Set(REFUSALS.map(([status]) => status))];
    const statuses = new Set(Object.values(FAILURES).map(({ status }) => status));
    expect([...statuses].filter((status) => status < 500 || status === 507).sort()).toEqual(
      [...listed, 426].sort(),
    );
    expect(FAILURES.forbidden.status).toBe(403);
  });
});

describe('[contract 3] GET /health', () => {
  it('is healthy, at this time', async () => {
    const { app, clock } = await memoryApp();
    const body = (await app.inject('/health')).json();
    expect(body.status).toBe('healthy');
    expect(Date.parse(body.timestamp)).toBe(clock.now());
  });
});

describe('[contract 3] POST /upload', () => {
  const bytes = Buffer.from('text that is sent in several ways\n'.repeat(40));
  it.each([
    ['without a compression', [], bytes],
    ['none', [['compression_type', 'none']], bytes],
    ['gzip', [['compression_type', 'gzip']], gzipSync(bytes)],
    ['zlib', [['compression_type', 'zlib']], deflateSync(bytes)],
  ] as const)('%s: answers success, message and the stored FileInfo', async (...[, more, sent]) => {
    const { app } = await memoryApp();
    await register(app);
    const size = ['original_size', String(bytes.length)] as const;
    const answer = await upload(app, { path: 'd/a.txt', bytes: sent, more: [...more, size] });
    expect(answer.json()).toEqual({
      success: true,
      message: expect.any(String),
      file_info: {
        path: 'd/a.txt',
        size: bytes.length,
        checksum: hashOf(bytes),
        modified_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        is_directory: false,
      },
    });
    expect((await app.inject('/download/d/a.txt')).rawPayload.equals(bytes)).toBe(true);
  });
});

describe('[contract 3] GET /download', () => {
  it('has Content-Length, Content-Type, Accept-Ranges and ETag; parts are 206', async () => {
    const { app } = await withFile();
    const { statusCode, headers, body } = await app.inject('/download/a.txt');
    expect([statusCode, body]).toEqual([200, '0123456789']);
    expect(headers['content-length']).toBe('10');
    expect(headers['content-type']).toBeTruthy();
    expect(headers['accept-ranges']).toBe('bytes');
    expect(headers.etag).toBe(`"${hashOf('0123456789')}"`);
    const part = await app.inject({ url: '/download/a.txt', headers: { range: 'bytes=2-4' } });
    expect([part.statusCode, part.body]).toEqual([206, '234']);
  });
});

describe('[contract 3] POST /sync', () => {
  const at = (ms: number): string => new Date(Date.UTC(2026, 10, 22, 12) + ms).toISOString();
  const info = (path: string, text: string, ms: number) => ({
    ...{ path, size: text.length, checksum: hashOf(text), modified_time: at(ms) },
    is_directory: false,
  });

  // Against `there` on the server, stored at the test's noon.
  it.each([
    ['absent on the server', info('here', 'x', 0), ['here'], ['there'], []],
    ['absent on the client', undefined, [], ['there'], []],
    ['the same checksum, whatever the times', info('there', 'same', 999), [], [], []],
    ['different, the client’s newer', info('there', 'mine', 1000), ['there'], [], []],
    ['different, the server’s newer', info('there', 'mine', -1000), [], [], ['there']],
  ])('%s', async (...[, listed, uploads, downloads, conflicts]) => {
    const { app } = await memoryApp();
    await register(app);
    await uploadAll(app, { there: 'same' });
    const files = listed === undefined ? [] : [listed];
    const payload = { client_id: 'anna', files, sync_root: '/home/anna' };
    const body = (await app.inject({ method: 'POST', url: '/sync', payload })).json();
    const paths = body.files_to_sync.map(({ path }: { path: string }) => path);
    expect(paths.sort()).toEqual([...uploads, ...downloads].sort());
    expect(body).toMatchObject({ success: true, uploads, downloads, conflicts });
    expect(body.message).toEqual(expect.any(String));
  });
});
