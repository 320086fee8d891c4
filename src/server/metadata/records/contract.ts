import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../core/chunk.ts';
import type { AuditRecord, ClientRecord, MetadataStore } from '../../ports.ts';
import { quarantineContract } from '../quarantine/contract.ts';
import {
  chunkPlace,
  directoryEntry,
  FOLDER,
  fileEntry,
  hashOf,
  symlinkEntry,
  writeSteps,
} from '../sample.ts';

type Get = () => MetadataStore;

/** The part of the contract about what stands beside the tree: chunks, manifests, commits, clients, audit. */
export function recordsContract(store: Get): void {
  describe('chunks', () => chunksContract(store));
  quarantineContract(store);
  describe('manifests', () => manifestsContract(store));
  describe('commits', () => commitsContract(store));
  describe('clients', () => clientsContract(store));
  describe('lag', () => lagContract(store));
  describe('tokens', () => tokensContract(store));
  describe('audit', () => auditContract(store));
  describe('counts', () => countsContract(store));
}

function chunksContract(store: Get): void {
  const [a, b, c] = ['a', 'b', 'c'].map(hashOf) as [string, string, string];

  it('tells what is missing, each once, and where the rest lies', async () => {
    const place = chunkPlace('a', { offset: 2 ** 33, length: 7, encoding: 'zstd' });
    await store().addChunks(FOLDER, [place, chunkPlace('b')]);
    expect(await store().missingChunks(FOLDER, [c, a, c, b])).toEqual([c]);
    expect(await store().missingChunks(FOLDER, [])).toEqual([]);
    const places = await store().chunkPlaces(FOLDER, [a, c, a]);
    expect(places).toEqual([place]);
  });

  it('knows no chunk by a part of its name', async () => {
    await store().addChunks(FOLDER, [chunkPlace('a')]);
    const near = [a.slice(0, 62), a.toUpperCase(), '', 'no hash at all'];
    expect(await store().missingChunks(FOLDER, near)).toEqual(near);
  });

  it('[E18] keeps the first place of a chunk that many add at once', async () => {
    const packs = ['p1', 'p2', 'p3'];
    await Promise.all(packs.map((pack) => store().addChunks(FOLDER, [chunkPlace('a', { pack })])));
    const [first, ...others] = await store().chunkPlaces(FOLDER, [a]);
    expect(others).toEqual([]);
    await store().transaction(FOLDER, (tx) => tx.addChunks([chunkPlace('a', { pack: 'p4' })]));
    expect(await store().chunkPlaces(FOLDER, [a])).toEqual([first]);
  });

  it('[E18] keeps the first place when one list names a chunk twice', async () => {
    const twice = [chunkPlace('a', { pack: 'p1' }), chunkPlace('a', { pack: 'p2' })];
    await store().addChunks(FOLDER, twice);
    expect(await store().chunkPlaces(FOLDER, [a])).toEqual(twice.slice(0, 1));
  });

  it('shows a transaction its own chunks, and nobody if it throws', async () => {
    const refused = store().transaction(FOLDER, async (tx) => {
      await tx.addChunks([chunkPlace('a')]);
      expect(await tx.missingChunks([a, b])).toEqual([b]);
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await store().missingChunks(FOLDER, [a])).toEqual([a]);
  });

  it('keeps the chunks of folders apart', async () => {
    await store().openFolder('other', 'an-epoch');
    await store().addChunks(FOLDER, [chunkPlace('a')]);
    expect(await store().missingChunks('other', [a])).toEqual([a]);
    expect(await store().chunkPlaces('other', [a])).toEqual([]);
  });
}

function manifestsContract(store: Get): void {
  const manifest = (name: string, count: number): Manifest => {
    const chunks = Array.from({ length: count }, (_, i) => ({
      hash: hashOf(`${i}`),
      size: i * 99,
    }));
    return { checksum: hashOf(name), size: 12_345, chunks };
  };
  const add = (...manifests: Manifest[]) =>
    store().transaction(FOLDER, (tx) => tx.addManifests(manifests));

  it('gives back those that are known, chunks in order', async () => {
    const [small, large] = [manifest('small', 2), manifest('large', 3_000)];
    await add(small, large);
    const known = await store().manifests(FOLDER, [large.checksum, hashOf('none')]);
    expect(known).toEqual([large]);
    expect(await store().manifests(FOLDER, [small.checksum, small.checksum])).toEqual([small]);
    expect(await store().manifests(FOLDER, [])).toEqual([]);
  });

  it('leaves a manifest that is known as it is', async () => {
    const first = manifest('a', 2);
    await add(first, { ...first, size: 1 });
    await add({ ...first, size: 2 });
    expect(await store().manifests(FOLDER, [first.checksum])).toEqual([first]);
  });

  it('shows a transaction its own manifests, and nobody else before its end', async () => {
    const one = manifest('a', 2);
    await store().transaction(FOLDER, async (tx) => {
      await tx.addManifests([one]);
      expect(await tx.manifests([one.checksum])).toEqual([one]);
      expect(await store().manifests(FOLDER, [one.checksum])).toEqual([]);
    });
    expect(await store().manifests(FOLDER, [one.checksum])).toEqual([one]);
  });
}

function commitsContract(store: Get): void {
  const commit = { key: 'a-key', first: 3, last: 7 };
  const ask = (clientId: string, key: string) =>
    store().transaction(FOLDER, (tx) => tx.commitByKey(clientId, key));

  it('remembers the answer, by client and key', async () => {
    await store().transaction(FOLDER, async (tx) => {
      expect(await tx.commitByKey('anna', 'a-key')).toBeUndefined();
      await tx.rememberCommit('anna', commit, 1_000);
      expect(await tx.commitByKey('anna', 'a-key')).toEqual(commit);
    });
    expect(await ask('anna', 'a-key')).toEqual(commit);
    expect(await ask('ben', 'a-key')).toBeUndefined();
    expect(await ask('anna', 'another-key')).toBeUndefined();
  });

  it('keeps the answer first given', async () => {
    for (const last of [7, 8]) {
      await store().transaction(FOLDER, (tx) =>
        tx.rememberCommit('anna', { ...commit, last }, 1_000),
      );
    }
    expect(await ask('anna', 'a-key')).toEqual(commit);
  });
}

function clientsContract(store: Get): void {
  const client = (clientId: string, lastSeen: number, rest: Partial<ClientRecord> = {}) => ({
    ...{ clientId, name: `${clientId}'s`, syncRoot: '/home/ü', lastSeen, cursor: 5 },
    ...rest,
  });

  it('knows clients by id, and all of them', async () => {
    expect(await store().client(FOLDER, 'anna')).toBeUndefined();
    expect(await store().clients(FOLDER)).toEqual([]);
    await store().putClient(FOLDER, client('ben', 1));
    await store().putClient(FOLDER, client('anna', 2));
    expect(await store().client(FOLDER, 'ben')).toEqual(client('ben', 1));
    expect(await store().clients(FOLDER)).toEqual([client('anna', 2), client('ben', 1)]);
    expect(await store().clients('other')).toEqual([]);
  });

  it('lets the newer record hold, however late the older comes', async () => {
    const newer = client('anna', 20, { name: 'new', cursor: 9 });
    await store().putClient(FOLDER, client('anna', 10));
    await store().putClient(FOLDER, newer);
    await store().putClient(FOLDER, client('anna', 15));
    expect(await store().clients(FOLDER)).toEqual([newer]);
    await store().putClient(FOLDER, { ...newer, cursor: 12 });
    expect(await store().client(FOLDER, 'anna')).toMatchObject({ cursor: 12 });
  });
}

function lagContract(store: Get): void {
  it('knows which clients synchronize: those with a token', async () => {
    expect(await store().synchronizing(FOLDER)).toEqual(new Set());
    const anna = { clientId: 'anna', name: 'Anna', syncRoot: '/', lastSeen: 1, cursor: 0 };
    await store().putClient(FOLDER, anna);
    await store().putClient(FOLDER, { ...anna, clientId: 'browser' });
    await store().exchangeToken(FOLDER, 'anna', { expected: [], next: 't1' });
    await store().exchangeToken(FOLDER, 'anna', { expected: ['t1'], next: 't2' });
    expect(await store().synchronizing(FOLDER)).toEqual(new Set(['anna']));
    expect(await store().synchronizing('other')).toEqual(new Set());
    await store().removeClient(FOLDER, 'anna');
    expect(await store().synchronizing(FOLDER)).toEqual(new Set());
  });

  it('knows when the first change after a cursor was made', async () => {
    expect(await store().timeAfter(FOLDER, 0)).toBeUndefined();
    await writeSteps(store(), [{ node: 'a', entry: fileEntry('a') }], { time: 10 });
    await writeSteps(store(), [{ node: 'a', entry: fileEntry('a', { size: 2 }) }], { time: 20 });
    await writeSteps(store(), [{ node: 'b', entry: fileEntry('b') }], { time: 15 });
    const times = [0, 1, 2, 3, 9].map((cursor) => store().timeAfter(FOLDER, cursor));
    expect(await Promise.all(times)).toEqual([10, 20, 15, undefined, undefined]);
    expect(await store().timeAfter('other', 0)).toBeUndefined();
    await store().pruneHistory(FOLDER, 25);
    expect(await store().timeAfter(FOLDER, 0)).toBe(20);
  });
}

function tokensContract(store: Get): void {
  const exchange = (expected: readonly string[] | 'any', next: string, client = 'anna') =>
    store().exchangeToken(FOLDER, client, { expected, next });

  it('[D23] gives the first token to who has none, and the next to who has the last', async () => {
    expect(await exchange([], 't1')).toBe(true);
    expect(await exchange([], 't2')).toBe(false);
    expect(await exchange(['t1', 't2'], 't2')).toBe(true);
    expect(await exchange(['t1', 't2'], 't2')).toBe(true);
    expect(await exchange(['t1', 't3'], 't3')).toBe(false);
    expect(await exchange(['t2'], 't4')).toBe(true);
    expect(await exchange('any', 't5')).toBe(true);
    expect(await exchange([], 'b1', 'ben')).toBe(true);
  });

  it('[D23] of two that come at once gives it to one', async () => {
    await exchange([], 't1');
    const both = await Promise.all(['t2', 't3'].map((next) => exchange(['t1'], next)));
    expect(both.filter((given) => given)).toHaveLength(1);
  });

  it('keeps the tokens of folders apart', async () => {
    await store().openFolder('other', 'an-epoch');
    await exchange([], 't1');
    expect(await store().exchangeToken('other', 'anna', { expected: [], next: 'o' })).toBe(true);
    expect(await exchange(['t1'], 't2')).toBe(true);
  });
}

function auditContract(store: Get): void {
  const record = (time: number, clientId: string | undefined): AuditRecord => ({
    ...{ time, clientId, action: 'request', detail: `GET /health at ${time}` },
  });

  it('tells the newest first, of all or of one client', async () => {
    const records = [record(10, 'anna'), record(20, undefined), record(20, 'anna')];
    await store().audit(FOLDER, records);
    await store().audit(FOLDER, [record(15, 'ben')]);
    await store().audit(FOLDER, []);
    const [a, b, c] = records;
    expect(await store().auditLog(FOLDER, { limit: 9 })).toEqual([c, b, record(15, 'ben'), a]);
    expect(await store().auditLog(FOLDER, { limit: 2 })).toEqual([c, b]);
    expect(await store().auditLog(FOLDER, { limit: 9, clientId: 'anna' })).toEqual([c, a]);
    expect(await store().auditLog('other', { limit: 9 })).toEqual([]);
  });

  it('prunes what is older and answers how many', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => record(i, 'anna'));
    await store().audit(FOLDER, many);
    expect(await store().pruneAudit(FOLDER, 4_999)).toBe(4_999);
    expect(await store().auditLog(FOLDER, { limit: 9 })).toEqual([record(4_999, 'anna')]);
    expect(await store().pruneAudit(FOLDER, 4_999)).toBe(0);
  });
}

function countsContract(store: Get): void {
  it('counts what lives, what is stored and what happened', async () => {
    const rot = { quarantined: 0, healed: 0 };
    const none = { files: 0, directories: 0, bytes: 0, chunks: 0, storedBytes: 0, history: 0 };
    expect(await store().counts(FOLDER)).toEqual({ ...none, ...rot });
    await writeSteps(store(), [
      { node: 'a', entry: fileEntry('a', { size: 2 ** 40 }) },
      { node: 'b', entry: fileEntry('b', { size: 1 }) },
      { node: 'c', entry: fileEntry('c') },
      { node: 'c', entry: undefined },
      { node: 'd', entry: directoryEntry('d') },
      { node: 's', entry: symlinkEntry('s', 'a') },
    ]);
    await store().addChunks(FOLDER, [chunkPlace('x', { size: 9, length: 4 }), chunkPlace('yy')]);
    expect(await store().counts(FOLDER)).toEqual({
      ...{ files: 2, directories: 1, bytes: 2 ** 40 + 1, chunks: 2, storedBytes: 6, history: 6 },
      ...rot,
    });
  });
}
