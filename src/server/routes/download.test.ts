import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  hashOf,
  memoryApp,
  register,
  START,
  uploadAll,
} from '../../../test/memory-app.ts';
import { ROOT } from '../../core/entry.ts';

const BIG = bytesOf(1_000_000);

async function withFiles() {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, { 'ten.txt': '0123456789', 'dir/big.bin': BIG, empty: '' });
  const get = (path: string, headers: Record<string, string> = {}) =>
    made.app.inject({ url: `/download/${path}`, headers });
  return { ...made, get };
}

describe('GET /download', () => {
  it('answers the bytes, and all that is known of them', async () => {
    const { get } = await withFiles();
    const answer = await get('dir/big.bin');
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(BIG)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-length': '1000000',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${hashOf(BIG)}"`,
      'content-disposition': `attachment; filename="big.bin"; filename*=UTF-8''big.bin`,
      'last-modified': new Date(START).toUTCString(),
      'x-content-type-options': 'nosniff',
    });
  });

  it('[F29] a name cannot break out of its header', async () => {
    const { app, get } = await withFiles();
    const name = `a"b;'c(1)%ü日.txt`;
    await uploadAll(app, { [name]: 'x' });
    const { headers } = await get(encodeURIComponent(name));
    expect(headers['content-disposition']).toBe(
      `attachment; filename="a_b;'c(1)___.txt"; ` +
        `filename*=UTF-8''a%22b%3B%27c%281%29%25%C3%BC%E6%97%A5.txt`,
    );
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-4', '4', 'bytes 4-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=7-1000', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes= 0-0', '0', 'bytes 0-0/10'],
    ['BYTES=1-2', '12', 'bytes 1-2/10'],
  ])('the part %s', async (range, body, contentRange) => {
    const { get } = await withFiles();
    const answer = await get('ten.txt', { range });
    expect([answer.statusCode, answer.body]).toEqual([206, body]);
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(body.length),
      etag: `"${hashOf('0123456789')}"`,
    });
  });

  it.each([
    'bytes=0-',
    'bytes=0-9',
    'bytes=-10',
    'bytes=-99',
    'bytes=5-2',
    'bytes=-',
    'bytes=a-b',
    'bytes=0-1,3-4',
    'lines=0-1',
    'nonsense',
  ])('all of it for %s', async (range) => {
    const { get } = await withFiles();
    const answer = await get('ten.txt', { range });
    expect([answer.statusCode, answer.body]).toEqual([200, '0123456789']);
    expect(answer.headers['content-range']).toBeUndefined();
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', 'bytes=99999999999999999999-'])(
    'nothing for %s',
    async (range) => {
      const { get } = await withFiles();
      const answer = await get('ten.txt', { range });
      expect([answer.statusCode, answer.json().error_code]).toEqual([416, 'range_not_satisfiable']);
      expect(answer.headers['content-range']).toBe('bytes */10');
    },
  );

  it('parts of a file of many chunks, within one and across them', async () => {
    const { get } = await withFiles();
    const ranges = [
      [0, 1],
      [65_535, 65_537],
      [1, 999_999],
      [499_000, 800_001],
      [999_999, 1_000_000],
    ] as const;
    for (const [from, to] of ranges) {
      const answer = await get('dir/big.bin', { range: `bytes=${from}-${to - 1}` });
      expect(answer.statusCode).toBe(206);
      expect(answer.rawPayload.equals(BIG.subarray(from, to))).toBe(true);
    }
  });

  it('of an empty file: all of nothing, and no part of it', async () => {
    const { get } = await withFiles();
    const whole = await get('empty');
    expect([whole.statusCode, whole.headers['content-length'], whole.body]).toEqual([200, '0', '']);
    for (const range of ['bytes=0-', 'bytes=-1']) {
      expect((await get('empty', { range })).statusCode).toBe(416);
    }
  });

  it('If-Range: a part of another version is not sent as one of this', async () => {
    const { get } = await withFiles();
    const range = 'bytes=0-3';
    const same = await get('ten.txt', { range, 'if-range': `"${hashOf('0123456789')}"` });
    const other = await get('ten.txt', { range, 'if-range': `"${hashOf('other')}"` });
    expect([same.statusCode, other.statusCode]).toEqual([206, 200]);
  });

  it('If-None-Match: what the client has is not sent again', async () => {
    const { get } = await withFiles();
    const tag = `"${hashOf('0123456789')}"`;
    for (const header of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await get('ten.txt', { 'if-none-match': header, range: 'bytes=0-3' });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', tag]);
    }
    expect((await get('ten.txt', { 'if-none-match': '"x"' })).statusCode).toBe(200);
  });

  it('HEAD: the headers of the whole, and no byte is read', async () => {
    const { app, objects } = await withFiles();
    const { gets } = objects.asked;
    const headers = { range: 'bytes=0-3' };
    const answer = await app.inject({ method: 'HEAD', url: '/download/dir/big.bin', headers });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({
      'content-length': '1000000',
      'accept-ranges': 'bytes',
      etag: `"${hashOf(BIG)}"`,
    });
    expect(objects.asked.gets).toBe(gets);
  });

  it('what is no file is not there: nothing, directories, symlinks [F06], things below files', async () => {
    const { app, parts, get } = await withFiles();
    await parts.committer.commit({
      clientId: 'anna',
      clientName: 'Anna',
      key: 'k',
      epoch: undefined,
      changes: [
        {
          type: 'create',
          node: 'link',
          kind: 'symlink',
          place: { parent: ROOT, name: 'link' },
          content: { target: 'dir' },
        },
      ],
      manifests: [],
      chunks: [],
      cause: 'sync',
    });
    for (const path of ['nothing', 'dir', 'link', 'link/big.bin', 'ten.txt/x']) {
      for (const method of ['GET', 'HEAD'] as const) {
        expect((await app.inject({ method, url: `/download/${path}` })).statusCode).toBe(404);
      }
    }
    expect((await get('nothing')).json().error_code).toBe('not_found');
  });

  it.each([
    '',
    '%2e%2e%2fetc%2fpasswd',
    'a%2f%2e%2e%2fb',
    'a%5cb',
    'a%00b',
    '%2fetc',
    'a//b',
    'e%cc%81',
    'C%3A',
    '.SYNCER/x',
    '%c0%ae%c0%ae/x',
    '%ed%a0%80',
    '%zz',
    '%',
  ])('[F01] [F02] [F04] the path %j is refused', async (path) => {
    const { get } = await withFiles();
    const answer = await get(path);
    expect([answer.statusCode, answer.json().error_code]).toEqual([400, 'bad_name']);
  });

  it('[F02] a path is decoded once', async () => {
    const { app, get } = await withFiles();
    await uploadAll(app, { '%2e%2e': 'odd' });
    expect((await get('%252e%252e')).body).toBe('odd');
  });

  it('a path of 4,096 bytes fits', async () => {
    const { app, get } = await withFiles();
    const path = `${'ü'.repeat(127)}/`.repeat(16).slice(0, -1);
    await uploadAll(app, { [path]: 'deep' });
    const url = path.split('/').map(encodeURIComponent).join('/');
    expect((await get(url)).body).toBe('deep');
  });

  it('[D12] what rotted is never given on', async () => {
    const { get, objects, log } = await withFiles();
    for await (const { name } of objects.list()) {
      objects.damage(name, (bytes) => bytes.map((byte) => byte ^ 1));
    }
    const answer = await get('dir/big.bin');
    expect([answer.statusCode, answer.json().error_code]).toEqual([503, 'unavailable']);
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.body).not.toMatch(/pack/);
    expect(log.join()).toMatch(/stored chunk/);
  });
});
