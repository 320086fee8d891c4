import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { apiContract, chunkOf } from '../../src/client/api/contract.ts';
import { httpApi } from '../../src/client/api/http.ts';
import { type Api, ApiFailure } from '../../src/client/ports.ts';
import type { Change } from '../../src/core/change.ts';
import { ROOT } from '../../src/core/entry.ts';
import { frameHeader } from '../../src/protocol/frame.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function started(settings: Readonly<Record<string, unknown>> = {}): Promise<MemoryServer> {
  const server = await memoryServer(settings);
  closers.push(() => server.stop());
  return server;
}

const apiAt = (base: string, apiKey?: string, clientId = 'client-a'): Api =>
  httpApi({ base, apiKey, clientId: () => clientId, epoch: () => 'epoch-1' });

const registered = { clientId: 'client-a', name: 'Anna', syncRoot: '/a', cursor: 0 };

/** Of a client that a server of its own knows. */
async function registeredApi(): Promise<Api> {
  const server = await started();
  const epoch = (await server.inside.metadata.folder('default'))?.epoch ?? '';
  const api = httpApi({
    ...{ base: server.inside.url, apiKey: undefined },
    ...{ clientId: () => 'client-a', epoch: () => epoch },
  });
  await api.register(registered);
  return api;
}

apiContract('a real server that wants keys, over HTTP', async () => {
  const server = await started({ api_keys: ['key-of-everybody'] });
  const epoch = (await server.inside.metadata.folder('default'))?.epoch ?? '';
  const apiOf = (clientId: string): Api =>
    httpApi({
      base: server.inside.url,
      apiKey: 'key-of-everybody',
      clientId: () => clientId,
      epoch: () => epoch,
    });
  const rot = (hash: string): Promise<void> => server.rot(hash, 'key-of-everybody');
  return { a: apiOf('client-a'), b: apiOf('client-b'), rot };
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Something that answers in a server's stead; what it was asked is kept. */
async function impostor(handle: Handler) {
  const asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const http: Server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    request.resume();
    handle(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    http.closeAllConnections();
    return new Promise((resolve) => http.close(resolve));
  });
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { base: `http://127.0.0.1:${port}`, asked };
}

const TEXT = 'a chunk, '.repeat(200);
const CHUNK = chunkOf(TEXT);

/** Every question there is; each reads its answer to the end. */
const QUESTIONS: Readonly<Record<keyof Api, (api: Api) => Promise<unknown>>> = {
  register: (api) => api.register(registered),
  changes: (api) => api.changes(0, undefined),
  missing: (api) => api.missing([CHUNK.hash]),
  wanted: (api) => api.wanted(undefined),
  sendChunks: (api) => api.sendChunks([CHUNK]),
  commit: (api) => api.commit({ key: 'k', changes: [], manifests: [], chunks: [] }),
  manifests: (api) => api.manifests([CHUNK.hash]),
  fetchChunks: (api) => fetched(api),
};

async function fetched(api: Api): Promise<string[]> {
  const texts: string[] = [];
  for await (const { bytes } of api.fetchChunks([CHUNK])) texts.push(Buffer.from(bytes).toString());
  return texts;
}

const IMPOSTURES: Readonly<Record<string, Handler>> = {
  'a page of a hotel': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
  },
  'a page that says it is JSON': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('<h1>Welcome</h1>');
  },
  'an empty object': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  },
  'an empty list': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  },
  null: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('null');
  },
  nothing: (_, response) => {
    response.writeHead(200).end();
  },
  'no content': (_, response) => {
    response.writeHead(204).end();
  },
  'an old answer of a cache': (_, response) => {
    response.writeHead(304).end();
  },
  'not found, by a proxy': (_, response) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('Not here');
  },
  'locked, by a proxy': (_, response) => {
    response.writeHead(423).end();
  },
  'bad gateway': (_, response) => {
    response.writeHead(502).end();
  },
  'half of an answer': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"epoch":"e","changes":[');
    setTimeout(() => response.destroy(), 20);
  },
  'a connection that closes': (request) => {
    request.socket.destroy();
  },
  'bytes that are no frames': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('x'.repeat(500));
  },
  'an answer that never ends': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.write(Buffer.alloc(64 * 1024, 'x'));
  },
};

describe.each(Object.entries(IMPOSTURES))('[B08] [E14] %s', (what, handle) => {
  const names = Object.keys(QUESTIONS) as (keyof Api)[];
  /** One that never ends is ended by the deadline where it is not read piece by piece. */
  const asked = what === 'an answer that never ends' ? (['fetchChunks'] as const) : names;

  it.each(asked)('is no answer to %s, and may be asked again', async (name) => {
    const { base } = await impostor(handle);
    const error = await QUESTIONS[name](apiAt(base)).then(
      (answer) => answer,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ApiFailure);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(bad_answer|unreachable)$/) });
    expect(error).toMatchObject({ retry: true });
  });
});

describe('what the client believes', () => {
  it.each([301, 302, 303, 307, 308])(
    '[G09] a redirect (%i) is not followed, and no key goes elsewhere',
    async (status) => {
      const real = await started();
      const elsewhere = await impostor((_, response) => void response.end('{}'));
      for (const target of [real.inside.url, elsewhere.base]) {
        const { base, asked } = await impostor((request, response) => {
          response.writeHead(status, { location: `${target}${request.url}` }).end();
        });
        const api = apiAt(base, 'a-secret');
        for (const ask of Object.values(QUESTIONS)) {
          await expect(ask(api)).rejects.toMatchObject({ retry: true });
        }
        expect(asked).toHaveLength(Object.keys(QUESTIONS).length);
        expect(asked.every(({ authorization }) => authorization === 'Bearer a-secret')).toBe(true);
      }
      expect(elsewhere.asked).toEqual([]);
    },
  );

  const chunksOf =
    (...frames: readonly Uint8Array[]): Handler =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(Buffer.concat(frames));
    };
  const raw = { hash: CHUNK.hash, size: CHUNK.size, encoding: 'raw' } as const;

  it('a chunk as it is, or compressed', async () => {
    const packed = zstdCompressSync(CHUNK.bytes);
    const zstd = { ...raw, encoding: 'zstd', bytes: packed } as const;
    const { base } = await impostor(
      chunksOf(frameHeader({ ...raw, bytes: CHUNK.bytes }), CHUNK.bytes, frameHeader(zstd), packed),
    );
    expect(await fetched(apiAt(base))).toEqual([TEXT, TEXT]);
  });

  it('[D16] [G05] never other bytes under its name', async () => {
    const bytes = Buffer.from(TEXT.toUpperCase());
    const { base } = await impostor(chunksOf(frameHeader({ ...raw, bytes }), bytes));
    await expect(fetched(apiAt(base))).rejects.toMatchObject({
      code: 'checksum_mismatch',
      retry: true,
    });
  });

  it('[F13] [G06] never one that unpacks to more than it said', async () => {
    const huge = Buffer.alloc(50_000_000, 'x');
    const packed = zstdCompressSync(huge);
    const hash = createHash('sha256').update(huge).digest('hex');
    const bomb = { hash, size: 10_000, encoding: 'zstd', bytes: packed } as const;
    const { base } = await impostor(chunksOf(frameHeader(bomb), packed));
    await expect(fetched(apiAt(base))).rejects.toMatchObject({ code: 'checksum_mismatch' });
  });

  it('never half of one', async () => {
    const { base } = await impostor(
      chunksOf(frameHeader({ ...raw, bytes: CHUNK.bytes }), CHUNK.bytes.subarray(0, 3)),
    );
    await expect(fetched(apiAt(base))).rejects.toMatchObject({ code: 'bad_answer', retry: true });
  });
});

describe('[E15] a server of another age', () => {
  const entry = { parent: 'root', name: 'a', place_version: 1, content_version: 1, author: 'Anna' };
  const pageOf = (change: object): Handler => {
    const ends = { next: 1, until: 1, chain: null, wanted: 0 };
    const page = { epoch: 'epoch-1', changes: [change], ...ends };
    return (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    };
  };
  const directory = { cursor: 1, node: 'n', entry: { kind: 'directory', ...entry } };

  it('that tells more than this client knows of is understood as far as that goes', async () => {
    const more = { ...directory, colour: 'red', entry: { ...directory.entry, stars: 5 } };
    const { base } = await impostor(pageOf(more));
    const { changes } = await apiAt(base).changes(0, undefined);
    expect(changes).toMatchObject([{ node: 'n', entry: { kind: 'directory', name: 'a' } }]);
  });

  it.each([
    ['a kind', { ...directory, entry: { ...directory.entry, kind: 'portal' } }],
    ['no cursor', { node: 'n', entry: directory.entry }],
    ['no entry, which might be a deletion', { cursor: 1, node: 'n' }],
  ])('that tells of %s which is not known is not guessed at', async (_, change) => {
    const { base } = await impostor(pageOf(change));
    await expect(apiAt(base).changes(0, undefined)).rejects.toMatchObject({
      code: 'bad_answer',
      retry: true,
    });
  });

  it('a code that is not known is told as it is, and tried again where the status says so', async () => {
    for (const [status, retry] of [
      [503, true],
      [400, false],
    ] as const) {
      const { base } = await impostor((_, response) => {
        const body = JSON.stringify({ error_code: 'of_the_future', message: 'What is this?' });
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
      const failure = { code: 'of_the_future', message: 'What is this?', retry };
      for (const ask of Object.values(QUESTIONS)) {
        await expect(ask(apiAt(base))).rejects.toMatchObject(failure);
      }
    }
  });
});

describe('what the server says is wrong', () => {
  it.each([undefined, 'a-wrong-key'])(
    'with the key %j nothing is to be had, now or later',
    async (key) => {
      const server = await started({ api_keys: ['the-right-key'] });
      const api = apiAt(server.inside.url, key);
      for (const ask of Object.values(QUESTIONS)) {
        await expect(ask(api)).rejects.toMatchObject({ code: 'unauthorized', retry: false });
      }
      await expect(
        apiAt(server.inside.url, 'the-right-key').register(registered),
      ).resolves.toMatchObject({ cursor: 0 });
    },
  );

  it('[E09] an error of the server is told with its code, and how long to wait', async () => {
    const body = JSON.stringify({ error_code: 'unavailable', message: 'It is being mended.' });
    const { base } = await impostor((_, response) => {
      const headers = { 'content-type': 'application/json', 'retry-after': '7' };
      response.writeHead(503, headers).end(body);
    });
    for (const ask of Object.values(QUESTIONS)) {
      await expect(ask(apiAt(base))).rejects.toMatchObject({
        code: 'unavailable',
        message: 'It is being mended.',
        retry: true,
        after: 7000,
      });
    }
  });

  it('a proxy that has had enough is heard too', async () => {
    const { base } = await impostor((_, response) => {
      response.writeHead(429, { 'retry-after': '30' }).end('Slow down');
    });
    await expect(apiAt(base).changes(0, undefined)).rejects.toMatchObject({
      code: 'bad_answer',
      retry: true,
      after: 30_000,
    });
  });

  it('nobody there: it may be asked again', async () => {
    const { base } = await impostor(() => {});
    await Promise.all(closers.splice(0).map((close) => close()));
    for (const ask of Object.values(QUESTIONS)) {
      await expect(ask(apiAt(base))).rejects.toMatchObject({ code: 'unreachable', retry: true });
    }
  });
});

describe('[D15] a content that is not what is said of it', () => {
  it.each([
    ['longer', { size: CHUNK.size + 1 }],
    ['shorter', { size: CHUNK.size - 1 }],
  ])('is refused where it is %s, whether its bytes come along or are there', async (_, wrong) => {
    const api = await registeredApi();
    const content = { checksum: CHUNK.hash, size: CHUNK.size, mtime: 0, executable: false };
    const offer = (node: string, more: Partial<typeof content>, chunks = [CHUNK]) => {
      const place = { parent: ROOT, name: node };
      const file = { ...content, ...more };
      const change = { type: 'create', node, kind: 'file', place, content: file } as const;
      return api.commit({ key: node, changes: [change], manifests: [], chunks });
    };
    const refused = { code: 'checksum_mismatch' };
    await expect(offer('a', wrong)).rejects.toMatchObject(refused);
    expect(await offer('b', {})).toMatchObject({ type: 'accepted' });
    await expect(offer('c', wrong, [])).rejects.toMatchObject(refused);
    const { changes } = await api.changes(0, undefined);
    expect(changes.map(({ node }) => node)).toEqual(['b']);
  });
});

describe('[F06] a symlink', () => {
  it('that leads out of the folder is refused, made or moved, whoever offers it', async () => {
    const api = await registeredApi();
    const commit = (...changes: Change[]) =>
      api.commit({ key: randomUUID(), changes, manifests: [], chunks: [] });
    const link = (node: string, parent: string, target: string): Change => {
      const place = { parent, name: node };
      return { type: 'create', node, kind: 'symlink', place, content: { target } };
    };
    const place = { parent: ROOT, name: 'd' };
    const directory: Change = { type: 'create', node: 'd', kind: 'directory', place };
    expect(await commit(directory, link('within', 'd', '../f'))).toMatchObject({
      type: 'accepted',
    });
    for (const target of ['../outside', '/etc/passwd', 'd/../../outside', '.syncer/marker.json'])
      expect(await commit(link('out', ROOT, target)), target).toMatchObject({ type: 'refused' });
    const up = { parent: ROOT, name: 'within', replaces: 2 };
    const moved = await commit({ type: 'update', node: 'within', place: up });
    expect(moved).toMatchObject({ type: 'refused' });
    const { changes } = await api.changes(0, undefined);
    expect(changes.map(({ node }) => node)).toEqual(['d', 'within']);
  });
});
