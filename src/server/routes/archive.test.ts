import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  type MemoryApp,
  memoryApp,
  register,
  START,
  uploadAll,
} from '../../../test/memory-app.ts';
import { ROOT } from '../../core/entry.ts';

const MIB = 1024 * 1024;

async function withFiles(files: Readonly<Record<string, Uint8Array | string>>) {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, files);
  return made;
}

/** Symlinks come from our own clients only. */
async function link({ parts, newNode }: { parts: MemoryApp['parts']; newNode: string }) {
  const place = { parent: ROOT, name: 'link' };
  const change = { type: 'create', node: newNode, kind: 'symlink', place } as const;
  await parts.committer.commit({
    ...{ clientId: 'anna', clientName: 'Anna', key: 'k', epoch: undefined, cause: 'sync' },
    ...{ changes: [{ ...change, content: { target: 'a.txt' } }], manifests: [], chunks: [] },
  });
}

describe('GET /v1/archive', () => {
  const BIG = bytesOf(700_000);
  const FILES = { 'a.txt': 'text', empty: '', 'dir/ünï 日本.bin': BIG, 'dir/c:x': 'drive' };

  it('holds everything, with its names, times and modes', async () => {
    const { app, parts } = await withFiles({ ...FILES, 'c:y': 'top' });
    await link({ parts, newNode: 'l' });
    await app.inject({
      ...{ method: 'POST', url: '/v1/directories' },
      payload: { client_id: 'anna', path: 'bare/within' },
    });
    const answer = await app.inject('/v1/archive');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': expect.stringContaining('attachment; filename="default.zip"'),
      'x-content-type-options': 'nosniff',
    });
    const found = new Map(unzip(answer.rawPayload).map(({ name, ...entry }) => [name, entry]));
    expect([...found.keys()].sort()).toEqual(
      ['./c:y', 'a.txt', 'bare/', 'bare/within/', 'dir/', 'empty', 'link']
        .concat('dir/c:x', 'dir/ünï 日本.bin')
        .sort(),
    );
    expect(found.get('dir/ünï 日本.bin')?.bytes.equals(BIG)).toBe(true);
    expect(found.get('a.txt')).toEqual({
      ...{ bytes: Buffer.from('text'), mode: 0o100644, time: START, method: 0 },
    });
    expect(found.get('empty')?.bytes.length).toBe(0);
    expect(found.get('dir/')?.mode).toBe(0o040755);
    expect(found.get('link')).toMatchObject({ bytes: Buffer.from('a.txt'), mode: 0o120777 });
  });

  it('of a directory below, by its name; of nothing, an empty one', async () => {
    const { app } = await withFiles(FILES);
    const answer = await app.inject('/v1/archive?path=dir');
    expect(answer.headers['content-disposition']).toContain('filename="dir.zip"');
    expect(
      unzip(answer.rawPayload)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['./c:x', 'ünï 日本.bin']);
    const empty = await (await memoryApp()).app.inject('/v1/archive');
    expect([empty.statusCode, unzip(empty.rawPayload)]).toEqual([200, []]);
  });

  it('holds thousands of directories that wait for a large file', async () => {
    const { app, parts } = await withFiles({ '0': bytesOf(3 * MIB) });
    const changes = Array.from({ length: 9_000 }, (_, i) => ({
      ...{ type: 'create', node: `n${i}`, kind: 'directory' },
      place: { parent: ROOT, name: `d${i}` },
    })) as Parameters<typeof parts.committer.commit>[0]['changes'];
    await parts.committer.commit({
      ...{ clientId: 'anna', clientName: 'Anna', key: 'k', epoch: undefined, cause: 'sync' },
      ...{ changes, manifests: [], chunks: [] },
    });
    const answer = await app.inject('/v1/archive');
    expect(unzip(answer.rawPayload)).toHaveLength(9_001);
  });

  it('HEAD says what it would be', async () => {
    const { app } = await withFiles(FILES);
    const { statusCode, headers, body } = await app.inject({ method: 'HEAD', url: '/v1/archive' });
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'application/zip', '']);
  });

  it('what is not there, or is no directory', async () => {
    const { app } = await withFiles(FILES);
    for (const [path, status] of [
      ['none', 404],
      ['a.txt', 404],
      ['e%CC%81', 400],
      ['..', 400],
    ]) {
      expect([path, (await app.inject(`/v1/archive?path=${path}`)).statusCode]).toEqual([
        path,
        status,
      ]);
    }
  });

  it('breaks off at a content that cannot be read: nothing is left out silently', async () => {
    const made = await withFiles({ a: 'small', b: bytesOf(300_000), c: 'small too' });
    for await (const { name } of made.objects.list()) await made.objects.delete(name);
    const { outcome, end } = await overSocket(made, '/v1/archive');
    expect(outcome).toBe('broken off');
    await end();
    expect(made.log.join()).toContain('an archive broke off');
  });

  it('is read no faster than it is taken, and not on when nobody takes it', async () => {
    const files = Array.from({ length: 24 }, (_, i) => [`f${i}`, bytesOf(MIB, i)] as const);
    const made = await withFiles(Object.fromEntries(files));
    let reads = 0;
    const { get } = made.objects;
    made.objects.get = async (...given) => {
      reads += 1;
      return await get.apply(made.objects, given);
    };
    const slow = await overSocket(made, '/v1/archive', { stopAfter: 1 });
    expect(slow.outcome).toBe('stopped');
    const soFar = reads;
    expect(soFar).toBeLessThan(15);
    await slow.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reads - soFar).toBeLessThan(10);
  });
});

interface Taken {
  readonly outcome: 'whole' | 'broken off' | 'stopped';
  end(): Promise<void>;
}

/** `stopAfter`: pieces, after which nothing more is taken for a while. */
async function overSocket(
  { app }: MemoryApp,
  path: string,
  { stopAfter = Infinity } = {},
): Promise<Taken> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return await new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let pieces = 0;
      const end = async (): Promise<void> => {
        asked.destroy();
        await app.close();
      };
      const settle = (outcome: Taken['outcome']) => resolve({ outcome, end });
      response.on('data', () => {
        pieces += 1;
        if (pieces < stopAfter) return;
        response.pause();
        setTimeout(() => settle('stopped'), 300);
      });
      response.on('end', () => settle('whole'));
      response.on('error', () => settle('broken off'));
    });
    asked.on('error', reject).end();
  });
}

interface Unzipped {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly method: number;
}

/** By its directory at the end, as programs do that unpack. */
function unzip(zip: Buffer): Unzipped[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  const found: Unzipped[] = [];
  for (let at = zip.readUInt32LE(end + 16); found.length < count; ) {
    expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const [nameLength, extra] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const size = zip.readUInt32LE(at + 24);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    found.push({
      name,
      bytes: Buffer.from(zip.subarray(data, data + size)),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      time: zip.readInt32LE(at + 46 + nameLength + 5) * 1000,
      method: zip.readUInt16LE(at + 10),
    });
    at += 46 + nameLength + extra + zip.readUInt16LE(at + 32);
  }
  return found;
}
