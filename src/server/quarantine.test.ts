import { describe, expect, it } from 'vitest';
import { bytesOf, hashOf, type MemoryApp, memoryApp, upload } from '../../test/memory-app.ts';
import { toBase64 } from '../protocol/base64.ts';
import { FrameDecoder, frameHeader } from '../protocol/frame.ts';

const OCTETS = { 'content-type': 'application/octet-stream' };
const TEXT = Buffer.from('the only copy');
const HASH = hashOf(TEXT);

/** A server on which one file lies, in the one pack. */
async function withFile(bytes: Uint8Array = TEXT): Promise<MemoryApp & { readonly pack: string }> {
  const made = await memoryApp();
  const payload = { client_id: 'anna', name: 'Anna', sync_root: '/a' };
  await made.app.inject({ method: 'POST', url: '/register', payload });
  const { statusCode } = await upload(made.app, { path: 'f', bytes });
  expect(statusCode).toBe(200);
  for await (const { name } of made.objects.list()) return { ...made, pack: name };
  throw new Error('nothing was stored');
}

const get = async ({ app }: MemoryApp, url: string) => (await app.inject(url)).json();
const download = async ({ app }: MemoryApp) => {
  const { statusCode, rawPayload } = await app.inject('/download/f');
  return [
    statusCode,
    statusCode === 200 ? rawPayload.toString() : JSON.parse(`${rawPayload}`).error_code,
  ];
};

async function fetched({ app }: MemoryApp, hashes: readonly string[]) {
  const { rawPayload } = await app.inject({
    ...{ method: 'POST', url: '/v1/chunks/fetch', payload: { hashes } },
  });
  return new FrameDecoder().push(rawPayload).map(({ hash }) => hash);
}

const giveBack = ({ app }: MemoryApp, bytes: Uint8Array) => {
  const frame = { hash: hashOf(bytes), size: bytes.length, encoding: 'raw', bytes } as const;
  const payload = Buffer.concat([frameHeader(frame), bytes]);
  return app.inject({ method: 'POST', url: '/v1/chunks', headers: OCTETS, payload });
};

const flip = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

const rotting: [string, (bytes: Uint8Array) => Uint8Array, string][] = [
  ['[D12] one bit of it is another', flip, 'changed'],
  ['[D13] its pack is cut short', (bytes) => bytes.slice(0, -1), 'absent'],
  ['[D13] its pack is empty', () => new Uint8Array(), 'absent'],
];

describe.each(rotting)('when a chunk rots: %s', (_, rot, reason) => {
  it('it is never served, asked for, and served again once it was brought back', async () => {
    const made = await withFile();
    const before = await made.objects.get(made.pack);
    made.objects.damage(made.pack, rot);
    expect(await download(made)).toEqual([503, 'unavailable']);
    expect(await download(made)).toEqual([503, 'unavailable']);
    expect(made.urged.count).toBe(1);
    const wanted = [{ hash: HASH, size: TEXT.length, contents: [HASH] }];
    expect(await get(made, '/v1/chunks/wanted')).toEqual({ wanted, next: null });
    expect(await get(made, '/v1/changes')).toMatchObject({ wanted: 1 });
    expect((await giveBack(made, TEXT)).statusCode).toBe(200);
    expect(await download(made)).toEqual([200, `${TEXT}`]);
    expect(await get(made, '/v1/changes')).toMatchObject({ wanted: 0 });
    expect(await made.objects.get(made.pack)).toEqual(rot(before));
  });

  it('a client that fetches it gets none, and all the others', async () => {
    const made = await withFile();
    await giveBack(made, Buffer.from('another'));
    made.objects.damage(made.pack, rot);
    expect(await fetched(made, [HASH, hashOf('another')])).toEqual([hashOf('another')]);
    expect(made.log.join('')).toContain(reason);
    expect(await get(made, '/health')).toMatchObject({ status: 'healthy', degraded: 1 });
    expect(await get(made, '/v1/stats')).toMatchObject({ quarantined: 1, healed: 0 });
    await giveBack(made, TEXT);
    expect(await get(made, '/v1/stats')).toMatchObject({ quarantined: 0, healed: 1 });
    expect(await get(made, '/health')).not.toHaveProperty('degraded');
    const metrics = (await made.app.inject('/metrics')).body;
    expect(metrics).toContain(`syncer_rotten_chunks_total{reason="${reason}"} 1`);
  });

  it('a commit that names it is answered that it is missing', async () => {
    const made = await withFile();
    made.objects.damage(made.pack, rot);
    await download(made);
    const content = { checksum: HASH, size: TEXT.length, mtime: 1, executable: false };
    const place = { parent: 'root', name: 'g' };
    const create = { type: 'create', node: 'g', kind: 'file', place, content };
    const commit = {
      ...{ client_id: 'anna', key: 'k1', epoch: 'epoch-1', manifests: [], chunks: [] },
      changes: [create],
    };
    const post = (payload: object) =>
      made.app.inject({ method: 'POST', url: '/v1/commits', payload });
    expect((await post(commit)).json()).toEqual({ type: 'missing', chunks: [HASH] });
    const chunks = [{ hash: HASH, bytes: toBase64(TEXT) }];
    expect((await post({ ...commit, chunks })).json()).toMatchObject({ type: 'accepted' });
    expect(await download(made)).toEqual([200, `${TEXT}`]);
  });
});

it('[D12] a commit whose contents are read finds the rot, and is answered what is missing', async () => {
  const large = bytesOf(300_000);
  const made = await withFile(large);
  const [checksum] = [hashOf(large)];
  const [manifest] = await made.metadata.manifests('default', [checksum]);
  const [first, ...rest] = manifest?.chunks ?? [];
  if (first === undefined || rest.length === 0) throw new Error('it is one chunk');
  made.objects.damage(made.pack, (bytes) => bytes.map((byte, at) => (at === 60 ? byte ^ 1 : byte)));
  const whole = { checksum: hashOf(large.subarray(0, first.size)), size: first.size };
  const other = { checksum: hashOf('not it'), size: large.length, chunks: [first, ...rest] };
  const content = { ...other, chunks: undefined, mtime: 1, executable: false };
  const answer = await made.app.inject({
    ...{ method: 'POST', url: '/v1/commits' },
    payload: {
      ...{ client_id: 'anna', key: 'k', epoch: 'epoch-1', chunks: [], manifests: [other] },
      changes: [
        { type: 'create', node: 'g', kind: 'file', place: { parent: 'root', name: 'g' }, content },
      ],
    },
  });
  expect(answer.json()).toEqual({ type: 'missing', chunks: [whole.checksum] });
});

it('a store that does not answer is no rot', async () => {
  const made = await withFile();
  made.objects.failGet(1);
  expect(await download(made)).toEqual([503, 'unavailable']);
  expect(await get(made, '/v1/stats')).toMatchObject({ quarantined: 0 });
  expect(await download(made)).toEqual([200, `${TEXT}`]);
});

it('what the disk does not give is left out; the other chunks do not wait for it', async () => {
  const made = await withFile();
  for (let n = 0; n < 9; n += 1) await giveBack(made, Buffer.from(`another ${n}`));
  const others = Array.from({ length: 9 }, (_, n) => hashOf(`another ${n}`));
  made.objects.unreadable.add(made.pack);
  expect((await fetched(made, [HASH, ...others])).sort()).toEqual([...others].sort());
  expect(await get(made, '/v1/stats')).toMatchObject({ quarantined: 0 });
  for await (const { name } of made.objects.list()) made.objects.unreadable.add(name);
  for (const hashes of [[HASH], [HASH, ...others]]) {
    const asked = { method: 'POST', url: '/v1/chunks/fetch', payload: { hashes } } as const;
    expect((await made.app.inject(asked)).statusCode).toBe(503);
  }
});

it('what nothing names any more is asked of nobody', async () => {
  const made = await memoryApp();
  await giveBack(made, TEXT);
  for await (const { name } of made.objects.list()) made.objects.damage(name, flip);
  expect(await fetched(made, [HASH])).toEqual([]);
  expect(await get(made, '/v1/chunks/wanted')).toEqual({ wanted: [], next: null });
});

it('more than a page of them is told in pages', async () => {
  const made = await withFile();
  const bytes = Array.from({ length: 150 }, (_, i) => Buffer.from(`chunk ${i}`));
  for (const [i, one] of bytes.entries()) {
    await upload(made.app, { path: `f${i}`, bytes: one });
  }
  for await (const { name } of made.objects.list()) made.objects.damage(name, flip);
  await fetched(made, bytes.map(hashOf));
  const first = await get(made, '/v1/chunks/wanted');
  const second = await get(made, `/v1/chunks/wanted?before=${first.next}`);
  expect([first.wanted.length, second.wanted.length, second.next]).toEqual([100, 50, null]);
  const all = [...first.wanted, ...second.wanted].map(({ hash }) => hash);
  expect(new Set(all)).toEqual(new Set(bytes.map(hashOf)));
});
