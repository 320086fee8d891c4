import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  hashOf,
  type MemoryApp,
  memoryApp,
  register,
  uploadAll,
} from '../../../test/memory-app.ts';
import { EMPTY_CHECKSUM } from '../../core/chunk.ts';
import { toBase64 } from '../../protocol/base64.ts';
import type { WireChange } from '../../protocol/change.ts';
import { type Frame, FrameDecoder, frameHeader } from '../../protocol/frame.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { compress } from '../pack-encoding.ts';

const OCTETS = { 'content-type': 'application/octet-stream' };

async function introduced(options = {}): Promise<MemoryApp> {
  const made = await memoryApp(options);
  await register(made.app);
  return made;
}

const post = async ({ app }: MemoryApp, url: string, payload: object) => {
  const answer = await app.inject({ method: 'POST', url, payload });
  return [answer.statusCode, answer.json()];
};

const framesOf = (frames: readonly Frame[]) =>
  Buffer.concat(frames.flatMap((frame) => [frameHeader(frame), frame.bytes]));

const rawFrame = (bytes: Uint8Array): Frame => ({
  hash: hashOf(bytes),
  size: bytes.length,
  encoding: 'raw',
  bytes,
});

const send = async ({ app }: MemoryApp, payload: Buffer) => {
  const answer = await app.inject({ method: 'POST', url: '/v1/chunks', headers: OCTETS, payload });
  return [answer.statusCode, answer.json().error_code ?? answer.json().stored];
};

const file = (name: string, content: string | Uint8Array, node = name): WireChange => ({
  type: 'create',
  node,
  kind: 'file',
  place: { parent: 'root', name },
  content: { checksum: hashOf(content), size: content.length, mtime: 1, executable: false },
});

const commitOf = (changes: readonly WireChange[], more: object = {}) => ({
  ...{ client_id: 'anna', key: 'key-1', epoch: 'epoch-1', manifests: [], chunks: [] },
  changes,
  ...more,
});

const inline = (text: string) => ({ hash: hashOf(text), bytes: toBase64(Buffer.from(text)) });

describe('POST /v1/clients', () => {
  const anna = { client_id: 'anna', name: 'Anna', sync_root: '/a', cursor: 0 };

  it('welcomes a client, and takes what it knows of for no more than it applied', async () => {
    const made = await memoryApp({ maxFileSize: 1000, allowedExtensions: ['.txt'] });
    const introduction = { ...anna, protocol_version: PROTOCOL_VERSION };
    expect(await post(made, '/v1/clients', introduction)).toEqual([
      200,
      {
        protocol_version: PROTOCOL_VERSION,
        epoch: 'epoch-1',
        cursor: 0,
        knows: true,
        max_file_size: 1000,
        allowed_extensions: ['.txt'],
        server_time: '2026-11-22T12:00:00.000Z',
      },
    ]);
    await uploadAll(made.app, { 'a.txt': 'a' });
    await post(made, '/v1/clients', { ...introduction, cursor: 1 });
    expect(await made.metadata.client('default', 'anna')).toMatchObject({ cursor: 0 });
    await post(made, '/v1/clients', { ...introduction, client_id: 'ben', cursor: 1 });
    expect(await made.metadata.client('default', 'ben')).toMatchObject({ cursor: 1 });
    await post(made, '/v1/clients', { ...introduction, client_id: 'ben', cursor: 99 });
    expect(await made.metadata.client('default', 'ben')).toMatchObject({ cursor: 0 });
  });

  it('[B18] says whether it knows the point that the client has come to', async () => {
    const made = await introduced();
    await uploadAll(made.app, { 'a.txt': 'a' });
    const { chain } = (await made.app.inject('/v1/changes')).json();
    const introduction = { ...anna, protocol_version: PROTOCOL_VERSION };
    const known = { epoch: 'epoch-1', cursor: 1, chain };
    const knows = async (more: object): Promise<boolean> => {
      const body = { ...introduction, known: { ...known, ...more } };
      const [status, welcome] = await post(made, '/v1/clients', body);
      expect(status).toBe(200);
      return welcome.knows;
    };
    expect(await knows({})).toBe(true);
    expect(await knows({ epoch: 'epoch-0' })).toBe(false);
    expect(await knows({ cursor: 2 })).toBe(false);
    expect(await knows({ chain: '0'.repeat(64) })).toBe(false);
  });

  it('[D23] [S20] refuses one that has not the token that was given last; anybody may come without', async () => {
    const made = await memoryApp();
    const introduction = { ...anna, protocol_version: PROTOCOL_VERSION };
    const come = async (last: string | null, next: string): Promise<unknown> => {
      const identity = { last, next };
      const [status, body] = await post(made, '/v1/clients', { ...introduction, identity });
      return status === 200 ? 'welcome' : body.error_code;
    };
    expect(await come(null, 't1')).toBe('welcome');
    expect(await come(null, 't1')).toBe('welcome');
    expect(await come('t1', 't2')).toBe('welcome');
    expect(await come('t1', 't3')).toBe('cloned');
    expect(await come(null, 't3')).toBe('cloned');
    expect(await come('t2', 't3')).toBe('welcome');
    expect((await post(made, '/v1/clients', introduction))[0]).toBe(200);
  });

  it('refuses another version, and what the protocol does not know', async () => {
    const made = await memoryApp();
    const [status, { error_code }] = await post(made, '/v1/clients', {
      ...anna,
      protocol_version: PROTOCOL_VERSION + 1,
    });
    expect([status, error_code]).toEqual([426, 'unsupported_version']);
    const odd = { ...anna, protocol_version: PROTOCOL_VERSION, admin: true };
    expect((await post(made, '/v1/clients', odd))[0]).toBe(400);
    expect(await made.metadata.clients('default')).toEqual([]);
  });
});

describe('GET /v1/changes', () => {
  it('pages at one snapshot, whatever is committed meanwhile', async () => {
    const made = await introduced();
    await uploadAll(made.app, { a: '1', b: '2', c: '3' });
    const page = async (query: string) => (await made.app.inject(`/v1/changes${query}`)).json();
    const first = await page('?limit=2');
    expect(first).toMatchObject({ epoch: 'epoch-1', next: 2, until: 3 });
    expect(first.changes.map(({ entry }: { entry: { name: string } }) => entry.name)).toEqual([
      'a',
      'b',
    ]);
    await uploadAll(made.app, { d: '4' });
    const second = await page('?since=2&until=3&limit=2');
    expect(second).toMatchObject({ next: 3, until: 3, changes: [{ entry: { name: 'c' } }] });
    expect(await page('?since=4')).toMatchObject({ changes: [], next: 4, until: 4, wanted: 0 });
    expect((await page('')).changes[0]).toMatchObject({
      cursor: 1,
      entry: { kind: 'file', parent: 'root', place_version: 1, content_version: 1, author: 'Anna' },
    });
  });

  it('a deletion is told as null', async () => {
    const made = await introduced();
    await uploadAll(made.app, { a: '1' });
    await made.app.inject({ method: 'DELETE', url: '/files/a?client_id=anna' });
    const { changes } = (await made.app.inject('/v1/changes?since=1')).json();
    expect(changes).toMatchObject([{ cursor: 2, entry: null }]);
  });

  it('who remembers more than there is has seen another history', async () => {
    const { app } = await introduced();
    for (const query of ['since=1', 'until=1']) {
      const answer = await app.inject(`/v1/changes?${query}`);
      expect([answer.statusCode, answer.json().error_code]).toEqual([409, 'wrong_epoch']);
    }
  });

  it.each([
    'since=-1',
    'since=1.5',
    'since=1e3',
    'since=',
    'since=1&since=2',
    'limit=0',
    'limit=20001',
    'other=1',
    '__proto__=1',
  ])('[F22] refuses %s', async (query) => {
    const { app } = await introduced();
    expect((await app.inject(`/v1/changes?${query}`)).statusCode).toBe(400);
  });
});

describe('chunks', () => {
  it('go there and back, in whatever encoding they came', async () => {
    const made = await introduced();
    const plain = Buffer.from('so much the same '.repeat(5000));
    const packed: Frame = { ...rawFrame(plain), encoding: 'zstd', bytes: await compress(plain) };
    const noise = rawFrame(bytesOf(10_000));
    const hashes = [packed.hash, noise.hash, hashOf('unknown')];
    expect(await post(made, '/v1/chunks/missing', { hashes })).toEqual([200, { missing: hashes }]);
    expect(await send(made, framesOf([packed, noise, noise]))).toEqual([200, 3]);
    expect(await post(made, '/v1/chunks/missing', { hashes })).toEqual([
      200,
      { missing: [hashOf('unknown')] },
    ]);
    const answer = await made.app.inject({
      method: 'POST',
      url: '/v1/chunks/fetch',
      payload: { hashes: [...hashes, packed.hash] },
    });
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    const decoder = new FrameDecoder();
    const frames = decoder.push(answer.rawPayload).toSorted((a, b) => a.size - b.size);
    decoder.finish();
    expect(frames.map(({ hash, encoding }) => [hash, encoding])).toEqual([
      [noise.hash, 'raw'],
      [packed.hash, 'zstd'],
    ]);
    expect(hashOf(frames[0]?.bytes ?? '')).toBe(noise.hash);
  });

  it('[D15] [F13] that are not what they say are refused', async () => {
    const made = await introduced();
    const bytes = Buffer.alloc(1_000_000);
    const wrong: Frame = { ...rawFrame(bytes), hash: hashOf('other') };
    const bomb: Frame = { ...rawFrame(bytes), size: 5000, encoding: 'zstd' };
    const lie = { ...bomb, bytes: await compress(bytes) };
    const nonsense = { ...bomb, bytes: bytesOf(4000) };
    for (const frame of [wrong, lie, nonsense]) {
      expect(await send(made, framesOf([frame]))).toEqual([422, 'checksum_mismatch']);
    }
    const whole = framesOf([rawFrame(bytes)]);
    expect(await send(made, whole.subarray(0, -1))).toEqual([400, 'bad_request']);
    expect(await send(made, bytesOf(1000))).toEqual([400, 'bad_request']);
    expect((await made.metadata.counts('default')).chunks).toBe(0);
  });

  it('one that rotted is left out, the others come', async () => {
    const made = await introduced();
    const frames = [1, 2, 3].map((seed) => rawFrame(bytesOf(1000, seed)));
    await send(made, framesOf(frames));
    const [, place] = await made.metadata.chunkPlaces(
      'default',
      frames.map(({ hash }) => hash),
    );
    made.objects.damage(place?.pack ?? '', (bytes) =>
      bytes.map((byte, at) => (at === (place?.offset ?? 0) + 5 ? byte ^ 1 : byte)),
    );
    const payload = { hashes: frames.map(({ hash }) => hash) };
    const answer = await made.app.inject({ method: 'POST', url: '/v1/chunks/fetch', payload });
    const got = new FrameDecoder().push(answer.rawPayload).map(({ hash }) => hash);
    expect(got).toEqual([frames[0]?.hash, frames[2]?.hash]);
    expect(made.log.join()).toContain(place?.hash);
  });

  it('a full disk is told as such', async () => {
    const made = await introduced();
    made.objects.capacity = 0;
    expect(await send(made, framesOf([rawFrame(bytesOf(1000))]))).toEqual([507, 'disk_full']);
  });

  it('questions that are too long, or no hashes', async () => {
    const made = await introduced();
    for (const hashes of [
      Array(10_001).fill(hashOf('')),
      ['abc'],
      [`${hashOf('').slice(1)}G`],
      1,
    ]) {
      for (const url of ['/v1/chunks/missing', '/v1/chunks/fetch']) {
        expect((await post(made, url, { hashes }))[0]).toBe(400);
      }
    }
  });

  it('manifests: of contents of several chunks', async () => {
    const made = await introduced();
    const bytes = bytesOf(500_000);
    await uploadAll(made.app, { big: bytes, small: 'x' });
    const checksums = [hashOf(bytes), hashOf('x'), hashOf('unknown')];
    const [status, { manifests }] = await post(made, '/v1/manifests/fetch', { checksums });
    expect([status, manifests.length]).toEqual([200, 1]);
    const [{ checksum, size, chunks }] = manifests;
    expect([checksum, size]).toEqual([hashOf(bytes), 500_000]);
    const sum = chunks.reduce((before: number, chunk: { size: number }) => before + chunk.size, 0);
    expect(sum).toBe(500_000);
  });
});

describe('POST /v1/commits', () => {
  it('[D15] refuses a manifest that makes another content than it says', async () => {
    const made = await introduced();
    const [one, two] = ['1', '2'].map((digit) => Buffer.from(digit.repeat(70_000)));
    if (one === undefined || two === undefined) throw new Error('two chunks');
    await send(made, framesOf([rawFrame(one), rawFrame(two)]));
    const content = Buffer.concat([one, two]);
    const commit = (key: string, order: readonly Buffer[]) => {
      const chunks = order.map((bytes) => ({ hash: hashOf(bytes), size: bytes.length }));
      const manifest = { checksum: hashOf(content), size: content.length, chunks };
      return commitOf([file('f', content)], { key, manifests: [manifest] });
    };
    const [status, answer] = await post(made, '/v1/commits', commit('key-1', [two, one]));
    expect([status, answer.error_code]).toEqual([422, 'checksum_mismatch']);
    expect((await post(made, '/v1/commits', commit('key-2', [one, two])))[0]).toBe(200);
  });

  it('stores changes with what came along; the same key gets the same answer', async () => {
    const made = await introduced();
    const commit = commitOf([file('a', 'hello')], { chunks: [inline('hello')] });
    const chain = expect.stringMatching(/^[0-9a-f]{64}$/);
    const accepted = { type: 'accepted', epoch: 'epoch-1', first: 1, last: 1, chain };
    expect(await post(made, '/v1/commits', commit)).toEqual([200, accepted]);
    expect(await post(made, '/v1/commits', commit)).toEqual([200, accepted]);
    expect(made.committed).toHaveLength(1);
    expect(made.committed[0]?.records[0]).toMatchObject({ clientName: 'Anna', cause: 'sync' });
    expect((await made.app.inject('/download/a')).body).toBe('hello');
  });

  it('says which chunks are missing', async () => {
    const made = await introduced();
    expect(await post(made, '/v1/commits', commitOf([file('a', 'hello')]))).toEqual([
      409,
      { type: 'missing', chunks: [hashOf('hello')] },
    ]);
  });

  it('[M9] keeps in the history what a merged content was made of', async () => {
    const made = await introduced();
    const first = commitOf([file('a', 'x')], { chunks: [inline('x'), inline('mine')] });
    await post(made, '/v1/commits', first);
    const merged_from = [{ checksum: hashOf('mine'), size: 4 }];
    const { content } = file('a', 'merged') as Extract<WireChange, { kind: 'file' }>;
    const update = { type: 'update', node: 'a', content: { ...content, replaces: 1, merged_from } };
    const chunks = [inline('merged')];
    const commit = commitOf([update as WireChange], { key: 'key-2', chunks });
    expect(await post(made, '/v1/commits', commit)).toMatchObject([200, { first: 2, last: 2 }]);
    const { history } = (await made.app.inject('/v1/history?path=a')).json();
    expect(history[0].merged_from).toEqual(merged_from);
    expect('merged_from' in history[1]).toBe(false);
  });

  it('says which changes are refused, why, and whether to try again', async () => {
    const made = await introduced({ allowedExtensions: ['.txt'] });
    await uploadAll(made.app, { 'a.txt': 'x' });
    const chunks = [inline('y')];
    const refused = async (...changes: WireChange[]) => {
      const [status, { type, refusals }] = await post(
        made,
        '/v1/commits',
        commitOf(changes, { chunks }),
      );
      expect([status, type]).toEqual([409, 'refused']);
      return refusals.map((one: Record<string, unknown>) => [one.node, one.code, one.retry]);
    };
    expect(await refused(file('a.txt', 'y', 'n'))).toEqual([['n', 'name_taken', true]]);
    expect(await refused(file('b.exe', 'y', 'n'))).toEqual([['n', 'extension_not_allowed', false]]);
    expect(await refused(file('e\u0301.txt', 'y', 'n'))).toEqual([['n', 'bad_name', false]]);
  });

  it('10,000 changes in one body', async () => {
    const made = await introduced();
    const changes = Array.from({ length: 10_000 }, (_, at) => ({
      ...file(`file ${at}`, '', `n${at}`),
    }));
    const [status, answer] = await post(made, '/v1/commits', commitOf(changes));
    expect([status, answer.last]).toEqual([200, 10_000]);
    expect((changes[0] as { content: { checksum: string } }).content.checksum).toBe(EMPTY_CHECKSUM);
    const page = await made.app.inject('/v1/changes?limit=20000');
    expect(page.json().changes).toHaveLength(10_000);
  });

  it('refuses strangers, other histories, and what is no commit', async () => {
    const made = await introduced();
    const chunks = [inline('x')];
    const code = async (more: object, changes: unknown = [file('a', 'x')]) => {
      const answer = await post(made, '/v1/commits', {
        ...commitOf([], { chunks }),
        changes,
        ...more,
      });
      return [answer[0], answer[1].error_code];
    };
    expect(await code({ client_id: 'eve' })).toEqual([403, 'not_registered']);
    expect(await code({ epoch: 'another' })).toEqual([409, 'wrong_epoch']);
    const lie = [{ hash: hashOf('x'), bytes: toBase64(Buffer.from('y')) }];
    expect(await code({ chunks: lie })).toEqual([422, 'checksum_mismatch']);
    const bad = [400, 'bad_request'];
    expect(await code({}, [])).toEqual(bad);
    expect(await code({}, [{ ...file('a', 'x'), type: 'explode' }])).toEqual(bad);
    expect(await code({}, [{ ...file('a', 'x'), extra: 1 }])).toEqual(bad);
    expect(await code({}, [{ ...file('a\ud800', 'x') }])).toEqual(bad);
    expect(
      await code({}, [{ type: 'delete', node: 'a', replaces_place: -1, replaces_content: 0 }]),
    ).toEqual(bad);
    expect(await code({}, Array(10_001).fill(file('a', 'x')))).toEqual(bad);
    expect(await code({ extra: 1 })).toEqual(bad);
    expect(await code({ key: '' })).toEqual(bad);
    const short = { checksum: hashOf('z'), size: 5, chunks: [{ hash: hashOf('x'), size: 1 }] };
    expect(await code({ manifests: [short] })).toEqual(bad);
    expect(made.committed).toEqual([]);
  });
});
