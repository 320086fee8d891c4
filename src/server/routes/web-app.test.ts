import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryApp } from '../../../test/memory-app.ts';

const KEY = 'a-key-of-the-server';
const PAGE = '<!doctype html><title>The app</title>';
const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function built() {
  await mkdir(join(directory, 'assets'));
  await mkdir(join(directory, 'icons'));
  const files = {
    'index.html': PAGE,
    'sw.js': 'self.x = 1;',
    'manifest.webmanifest': '{}',
    '.secret': 'hidden',
    'assets/app-1a2b.js': 'run();',
    'assets/.secret': 'hidden',
    'icons/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(directory, path), text);
  const { app } = await memoryApp({ apiKeys: [KEY], webDirectory: directory });
  return app;
}

describe('the web app', () => {
  it('is there without a key, under a policy that lets it run only what is its own', async () => {
    const app = await built();
    for (const url of ['/', '/index.html', '/?x=1']) {
      const { statusCode, headers, body } = await app.inject(url);
      expect([statusCode, body]).toEqual([200, PAGE]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|sandbox|https?:/);
      expect(headers.etag).toBeUndefined();
    }
  });

  it('its other files: those with a hash in their names are kept for ever', async () => {
    const app = await built();
    const about = async (url: string) => {
      const { statusCode, headers } = await app.inject(url);
      return [statusCode, headers['content-type'], headers['cache-control']];
    };
    expect(await about('/assets/app-1a2b.js')).toEqual([
      200,
      expect.stringMatching(/javascript/),
      'public, max-age=31536000, immutable',
    ]);
    expect(await about('/sw.js')).toEqual([200, expect.stringMatching(/javascript/), 'no-cache']);
    expect((await about('/manifest.webmanifest')).slice(1)).toEqual([
      expect.stringContaining('application/manifest+json'),
      'no-cache',
    ]);
    expect(await about('/icons/icon.svg')).toEqual([
      200,
      expect.stringContaining('image/svg+xml'),
      'no-cache',
    ]);
    const head = await app.inject({ method: 'HEAD', url: '/assets/app-1a2b.js' });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '6']);
  });

  it('a place within it is the app, when a person asks', async () => {
    const app = await built();
    const headers = { accept };
    for (const url of ['/history/a/b', '/trash', '/%C3%BC?q=1', '/a.txt']) {
      const answer = await app.inject({ url, headers });
      expect([url, answer.statusCode, answer.body]).toEqual([url, 200, PAGE]);
    }
    expect((await app.inject('/history/a/b')).statusCode).toBe(401);
    for (const url of ['/v1/none', '/download/x', '/files/x', '/ws/x', '/docs', '/metrics']) {
      expect([url, (await app.inject({ url, headers })).statusCode]).toEqual([url, 401]);
    }
    const key = { ...headers, authorization: `Bearer ${KEY}` };
    expect((await app.inject({ url: '/v1/none', headers: key })).statusCode).toBe(404);
  });

  it('[F01] nothing else is: neither what is hidden nor what lies outside', async () => {
    const app = await built();
    const outside = `${basename(directory)}-outside`;
    await writeFile(`${directory}-outside`, 'this is outside');
    for (const url of [
      '/.secret',
      '/assets/.secret',
      `/../${outside}`,
      `/assets/../../${outside}`,
      `/assets/..%2f..%2f${outside}`,
      `/assets/%2e%2e/%2e%2e/${outside}`,
      `/assets/%252e%252e%252f${outside}`,
      '/assets/..%5c..%5cx',
      '/assets//app-1a2b.js',
      '/assets/',
      '/assets/none.js',
      '/assets/%00',
    ]) {
      for (const headers of [{ accept: '*/*' }, { accept }]) {
        const { statusCode, body } = await app.inject({ url, headers });
        const isApp = headers.accept === accept && body === PAGE;
        expect([url, isApp || statusCode >= 400]).toEqual([url, true]);
        expect(body).not.toMatch(/hidden|is outside/);
      }
    }
    await rm(`${directory}-outside`);
  });

  it('that is not built says so', async () => {
    for (const webDirectory of [undefined, directory, join(directory, 'none')]) {
      const given = webDirectory === undefined ? {} : { webDirectory };
      const { app } = await memoryApp({ apiKeys: [KEY], ...given });
      const { statusCode, headers, body } = await app.inject('/');
      expect([statusCode, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
      expect(body).toContain('The web app is not built: run `npm run build`.');
    }
  });
});
