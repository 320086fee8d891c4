import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiContract } from '../../src/client/api/contract.ts';
import { httpApi } from '../../src/client/api/http.ts';
import type { Api } from '../../src/client/ports.ts';
import type { Change } from '../../src/core/change.ts';
import type { Chunk } from '../../src/core/chunk.ts';
import { ROOT } from '../../src/core/entry.ts';
import { frameHeader } from '../../src/protocol/frame.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { CountingProxy } from './counting-proxy.ts';

let server: MemoryServer;
let proxy: CountingProxy;
let base = '';
beforeEach(async () => {
  server = await memoryServer();
  proxy = new CountingProxy(() => Number(new URL(server.inside.url).port));
  base = `http://127.0.0.1:${await proxy.listen()}`;
});
afterEach(async () => {
  await proxy.close();
  await server.stop();
});

const epoch = async (): Promise<string> =>
  (await server.inside.metadata.folder('default'))?.epoch ?? '';

async function apiOf(clientId: string): Promise<Api> {
  const known = await epoch();
  return httpApi({ base, apiKey: undefined, clientId: () => clientId, epoch: () => known });
}

apiContract('[contract 6] a real server, over HTTP', async () => ({
  a: await apiOf('client-a'),
  b: await apiOf('client-b'),
  rot: (hash) => server.rot(hash),
}));

const chunkOf = (text: string): Chunk => {
  const bytes = Buffer.from(text);
  return { hash: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, bytes };
};

const directories = (count: number): Change[] =>
  Array.from({ length: count }, (_, n) => ({
    type: 'create',
    node: `node-${n}`,
    kind: 'directory',
    place: { parent: ROOT, name: `a directory with a number, and that is ${n}` },
  }));

describe('[contract 6] the network', () => {
  it('connections are reused', async () => {
    const api = await apiOf('anna');
    await api.register({ clientId: 'anna', name: 'Anna', syncRoot: '/a', cursor: 0 });
    for (let n = 0; n < 30; n += 1) await api.changes(0, undefined);
    for (let n = 0; n < 30; n += 1) await api.missing([chunkOf(`${n}`).hash]);
    // A second may be opened while the first is still being given back.
    expect(proxy.connections).toBeLessThanOrEqual(3);
  });

  it('JSON is compressed where it pays', async () => {
    const api = await apiOf('anna');
    await api.register({ clientId: 'anna', name: 'Anna', syncRoot: '/a', cursor: 0 });
    const offer = { key: randomUUID(), manifests: [], chunks: [] };
    await api.commit({ ...offer, changes: directories(2_000) });
    const before = proxy.down;
    const page = await api.changes(0, undefined);
    const plain = JSON.stringify(page).length;
    expect(page.changes).toHaveLength(2_000);
    expect(proxy.down - before).toBeLessThan(plain / 5);
    const encodings = async (path: string, accepted: string): Promise<string | null> => {
      const answer = await fetch(base + path, { headers: { 'accept-encoding': accepted } });
      return answer.headers.get('content-encoding');
    };
    for (const path of ['/v1/changes?limit=50', '/v1/changes']) {
      expect(await encodings(path, 'gzip')).toBe('gzip');
      // Who takes no compression gets none,
      expect(await encodings(path, 'identity')).toBeNull();
    }
    // and a small answer, which fits into one packet as it is, never is compressed.
    expect(await encodings('/v1/stats', 'gzip')).toBeNull();
  });

  it('a connection that breaks off is an error that may be tried again, and the next try goes well', async () => {
    const api = await apiOf('anna');
    await api.changes(0, undefined);
    proxy.cut();
    const chunk = chunkOf('whole');
    for (let tries = 0; tries < 3; tries += 1) {
      const failure = await api.sendChunks([chunk]).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) break;
      expect(failure).toMatchObject({ code: 'unreachable', retry: true });
    }
    expect(await api.missing([chunk.hash])).toEqual([]);
  });
});

/** Answers each request with the same. */
async function impostor(type: string, body: Uint8Array | string, status = 200) {
  const http = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const api = httpApi({
    base: `http://127.0.0.1:${port}`,
    apiKey: undefined,
    clientId: () => 'anna',
    epoch: () => 'e',
  });
  return { api, close: () => new Promise((resolve) => http.close(resolve)) };
}

describe('[contract 5] the client believes no answer that is not one', () => {
  it.each([
    ['a page of a proxy', 'text/html', '<h1>Welcome</h1>', 200],
    ['nothing', 'application/json', '', 200],
    ['other JSON', 'application/json', '{"changes":[]}', 200],
    ['a cut one', 'application/json', '{"epoch":"e","changes":[', 200],
    ['a wrong cursor', 'application/json', '{"epoch":"e","changes":[],"next":-1,"until":0}', 200],
    ['an error of somebody else', 'text/html', 'Bad gateway', 502],
  ])('%s', async (...[, type, body, status]) => {
    const { api, close } = await impostor(type, body, status);
    await expect(api.changes(0, undefined)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:bad_answer|unreachable)$/),
      retry: true,
    });
    await close();
  });
});

describe('[contract 6] integrity, at the client', () => {
  it('a chunk that is not what its name says is never taken', async () => {
    const { hash, size, bytes } = chunkOf('what was stored');
    const rotten = Buffer.from(bytes);
    rotten[3] = 0;
    const frame = Buffer.concat([frameHeader({ hash, size, encoding: 'raw', bytes }), rotten]);
    const { api, close } = await impostor('application/octet-stream', frame);
    const fetching = api.fetchChunks([{ hash, size }])[Symbol.asyncIterator]();
    await expect(fetching.next()).rejects.toMatchObject({ code: 'checksum_mismatch', retry: true });
    await close();
  });
});
