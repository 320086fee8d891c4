import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  hashOf,
  memoryApp,
  register,
  upload,
  uploadAll,
} from '../../../test/memory-app.ts';

const BIG = bytesOf(1_000_000);

async function withFiles() {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, { 'ten.txt': '0123456789', 'dir/big.bin': BIG });
  const get = (of: Uint8Array | string, query = '', headers: Record<string, string> = {}) =>
    made.app.inject({ url: `/v1/contents/${hashOf(of)}${query}`, headers });
  return { ...made, get };
}

describe('GET /v1/contents', () => {
  it('answers the bytes, of one chunk or of many, and none', async () => {
    const { get } = await withFiles();
    expect((await get('0123456789')).body).toBe('0123456789');
    const answer = await get(BIG);
    expect([answer.statusCode, answer.rawPayload.equals(BIG)]).toEqual([200, true]);
    expect(answer.headers).toMatchObject({
      'content-length': '1000000',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${hashOf(BIG)}"`,
      'content-disposition': expect.stringContaining(`attachment; filename="${hashOf(BIG)}"`),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    const empty = await get('');
    expect([empty.statusCode, empty.headers['content-length'], empty.body]).toEqual([200, '0', '']);
  });

  it('also of what a file held before, and of one that is deleted', async () => {
    const { app, get } = await withFiles();
    await upload(app, { path: 'ten.txt', bytes: 'new' });
    await app.inject({ method: 'DELETE', url: '/files/dir/big.bin?client_id=anna' });
    expect((await get('0123456789')).body).toBe('0123456789');
    expect((await get(BIG)).rawPayload.equals(BIG)).toBe(true);
  });

  it('a part, one that lies outside, and what is known already', async () => {
    const { get } = await withFiles();
    const part = await get(BIG, '', { range: 'bytes=500000-500009' });
    expect([part.statusCode, part.headers['content-range']]).toEqual([
      206,
      'bytes 500000-500009/1000000',
    ]);
    expect(part.rawPayload.equals(BIG.subarray(500_000, 500_010))).toBe(true);
    const outside = await get('0123456789', '', { range: 'bytes=10-' });
    expect([outside.statusCode, outside.json().error_code]).toEqual([416, 'range_not_satisfiable']);
    expect(outside.headers['content-range']).toBe('bytes */10');
    const known = await get(BIG, '', { 'if-none-match': `"${hashOf(BIG)}"` });
    expect([known.statusCode, known.body]).toEqual([304, '']);
  });

  it('HEAD says what GET would, without a body', async () => {
    const { app } = await withFiles();
    const url = `/v1/contents/${hashOf(BIG)}?name=a.png`;
    const { statusCode, headers, body } = await app.inject({ method: 'HEAD', url });
    expect([statusCode, headers['content-length'], headers['content-type'], body]).toEqual([
      200,
      '1000000',
      'image/png',
      '',
    ]);
  });

  it('[F29] a name is for saving; its type only where that can do nothing', async () => {
    const { get } = await withFiles();
    const typeOf = async (name: string) => {
      const { headers } = await get('0123456789', `?name=${encodeURIComponent(name)}`);
      expect(headers['content-disposition']).toMatch(/^attachment; filename="/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      return headers['content-type'];
    };
    expect(await typeOf('a.PNG')).toBe('image/png');
    expect(await typeOf('song.mp3')).toBe('audio/mpeg');
    expect(await typeOf('film.mp4')).toBe('video/mp4');
    expect(await typeOf('report.pdf')).toBe('application/pdf');
    for (const name of ['a.txt', 'page.html', 'x.svg', 'run.js', 'a.xhtml.md']) {
      expect(await typeOf(name)).toBe('text/plain; charset=utf-8');
    }
    for (const name of ['a', 'a.xhtml', 'a.swf', 'png', '.png', 'a.png ', 'a.exe', 'a.mht']) {
      expect([name, await typeOf(name)]).toEqual([name, 'application/octet-stream']);
    }
    const { headers } = await get('0123456789', `?name=${encodeURIComponent('a"\r\nb.txt')}`);
    expect(headers['content-disposition']).toBe(
      `attachment; filename="a___b.txt"; filename*=UTF-8''a%22%0D%0Ab.txt`,
    );
  });

  it('what the server does not have, and what is no checksum', async () => {
    const { app, get } = await withFiles();
    const absent = await get('never stored');
    expect([absent.statusCode, absent.json().error_code]).toEqual([404, 'not_found']);
    for (const checksum of ['x', 'A'.repeat(64), `${'a'.repeat(64)}0`]) {
      const answer = await app.inject(`/v1/contents/${checksum}`);
      expect([answer.statusCode, answer.json().error_code]).toEqual([400, 'bad_request']);
    }
  });

  it('[D18] what rotted is an error, never other bytes', async () => {
    const { get, objects } = await withFiles();
    for await (const { name } of objects.list()) await objects.delete(name);
    for (const content of [BIG, '0123456789']) {
      for (let time = 0; time < 2; time += 1) {
        const answer = await get(content);
        expect([answer.statusCode, answer.json().error_code]).toEqual([503, 'unavailable']);
      }
    }
  });
});
