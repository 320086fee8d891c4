import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../core/change.ts';
import type { Chunk } from '../../core/chunk.ts';
import { EMPTY_CHECKSUM, type Manifest } from '../../core/chunk.ts';
import { ROOT } from '../../core/entry.ts';
import type { Answer } from '../../protocol/commit.ts';
import type { Api, Offer } from '../ports.ts';

/** Two clients of one server that knows nothing yet. */
export type MakeApis = () => Promise<{
  readonly a: Api;
  readonly b: Api;
  /** What a bad disk does to the server's chunk, and somebody who reads it finds out. */
  readonly rot: (hash: string) => Promise<void>;
}>;

export const chunkOf = (text: string): Chunk => {
  const bytes = new TextEncoder().encode(text);
  return { hash: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, bytes };
};

const fileOf = ({ hash, size }: { hash: string; size: number }) => ({
  checksum: hash,
  size,
  mtime: 1_700_000_000_123,
  executable: false,
});

const create = (node: string, name: string, chunk: { hash: string; size: number }): Change => ({
  type: 'create',
  node,
  kind: 'file',
  place: { parent: ROOT, name },
  content: fileOf(chunk),
});

const directory = (node: string, name: string): Change => ({
  type: 'create',
  node,
  kind: 'directory',
  place: { parent: ROOT, name },
});

const offer = (changes: readonly Change[], more: Partial<Offer> = {}): Offer => ({
  key: randomUUID(),
  changes,
  manifests: [],
  chunks: [],
  ...more,
});

/** A content of chunks of 20,000 times a letter each. */
function contentOf(letters: string): { manifest: Manifest; chunks: Chunk[]; whole: Chunk } {
  const parts = [...letters].map((letter) => letter.repeat(20_000));
  const [chunks, whole] = [parts.map(chunkOf), chunkOf(parts.join(''))];
  const refs = chunks.map(({ hash, size }) => ({ hash, size }));
  return { chunks, whole, manifest: { checksum: whole.hash, size: whole.size, chunks: refs } };
}

function cursorsOf(answer: Answer): readonly number[] {
  if (answer.type !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return answer.cursors;
}

/** What every implementation of Api keeps. `register` must have been possible for both clients. */
export function apiContract(name: string, make: MakeApis): void {
  describe(name, () => {
    let a: Api;
    let b: Api;
    let rot: (hash: string) => Promise<void>;
    beforeEach(async () => {
      ({ a, b, rot } = await make());
      await a.register({ clientId: 'client-a', name: 'Anna', syncRoot: '/a', cursor: 0 });
      await b.register({ clientId: 'client-b', name: 'Ben', syncRoot: '/b', cursor: 0 });
    });

    it('what one commits, the other is told, with who did it', async () => {
      const chunk = chunkOf('hello');
      const [cursor] = cursorsOf(
        await a.commit(offer([create('n1', 'f', chunk)], { chunks: [chunk] })),
      );
      const { changes, next, until } = await b.changes(0, undefined);
      expect(changes).toEqual([
        {
          cursor,
          node: 'n1',
          entry: {
            kind: 'file',
            parent: ROOT,
            name: 'f',
            ...fileOf(chunk),
            placeVersion: cursor,
            contentVersion: cursor,
            author: 'Anna',
          },
        },
      ]);
      expect(next).toBe(until);
    });

    it('asked from where it ended, nothing is told twice', async () => {
      await a.commit(offer([directory('d1', 'one')]));
      const { next } = await b.changes(0, undefined);
      await a.commit(offer([directory('d2', 'two')]));
      const { changes } = await b.changes(next, undefined);
      expect(changes.map(({ node }) => node)).toEqual(['d2']);
    });

    it('[E01] the same key again gets the same answer, and nothing is done twice', async () => {
      const same = offer([directory('d1', 'one')]);
      const first = await a.commit(same);
      expect(await a.commit(same)).toEqual(first);
      expect((await b.changes(0, undefined)).changes).toHaveLength(1);
    });

    it('[B18] nothing is told and nothing is taken where the history went another way', async () => {
      const first = await a.commit(offer([directory('d1', 'one')]));
      const { epoch, chain = '' } = await a.changes(0, undefined);
      const known = { epoch, cursor: cursorsOf(first)[0] ?? 0, chain };
      const other = { ...known, chain: 'f'.repeat(64) };
      const further = { ...known, cursor: known.cursor + 1 };
      for (const point of [other, further]) {
        const failure = { code: 'wrong_epoch', retry: true };
        await expect(a.changes(0, undefined, point)).rejects.toMatchObject(failure);
        const late = offer([directory('d2', 'two')], { known: point });
        await expect(a.commit(late)).rejects.toMatchObject(failure);
      }
      expect(await a.changes(0, undefined, known)).toMatchObject({ next: known.cursor });
      const next = await a.commit(offer([directory('d2', 'two')], { known }));
      expect(next).toMatchObject({ type: 'accepted' });
    });

    it('[E04] a change that replaces what is no longer there is refused, and may be offered again', async () => {
      const [place] = cursorsOf(await a.commit(offer([directory('d1', 'one')])));
      const move = (to: string): Change => ({
        type: 'update',
        node: 'd1',
        place: { parent: ROOT, name: to, replaces: place ?? 0 },
      });
      await a.commit(offer([move('two')]));
      const answer = await b.commit(offer([move('three')]));
      expect(answer).toMatchObject({
        type: 'refused',
        refusals: [{ node: 'd1', code: 'stale', retry: true }],
      });
    });

    it('all of a commit or nothing', async () => {
      const answer = await a.commit(offer([directory('d1', 'same'), directory('d2', 'same')]));
      expect(answer.type).toBe('refused');
      expect((await b.changes(0, undefined)).changes).toEqual([]);
    });

    it('[F11] a content whose chunks are not there is told, and stored once they are', async () => {
      const chunk = chunkOf('sent later');
      const wanted = offer([create('n1', 'f', chunk)]);
      expect(await a.commit(wanted)).toEqual({ type: 'missing', chunks: [chunk.hash] });
      expect(await a.missing([chunk.hash])).toEqual([chunk.hash]);
      await a.sendChunks([chunk]);
      expect(await a.missing([chunk.hash])).toEqual([]);
      cursorsOf(await a.commit(wanted));
    });

    it('[M9] what a merged content was made of must be there as the content itself', async () => {
      const [one, mine, merged] = ['one', 'mine', 'one and mine'].map(chunkOf);
      if (one === undefined || mine === undefined || merged === undefined) throw new Error('none');
      const first = cursorsOf(await a.commit(offer([create('n1', 'f', one)], { chunks: [one] })));
      const mergedFrom = [{ checksum: mine.hash, size: mine.size }];
      const content = { ...fileOf(merged), replaces: first[0] ?? 0, mergedFrom };
      const wanted = offer([{ type: 'update', node: 'n1', content }], { chunks: [merged] });
      expect(await a.commit(wanted)).toEqual({ type: 'missing', chunks: [mine.hash] });
      await a.sendChunks([mine]);
      cursorsOf(await a.commit(wanted));
      const [change] = (await b.changes(0, undefined)).changes;
      expect(change?.entry).toMatchObject(fileOf(merged));
      expect(change?.entry && 'mergedFrom' in change.entry).toBe(false);
    });

    it('chunks come back as they were sent, by whomever', async () => {
      const chunks = ['one', 'two', 'x'.repeat(100_000)].map(chunkOf);
      await a.sendChunks(chunks);
      const came: Chunk[] = [];
      for await (const chunk of b.fetchChunks(chunks)) came.push(chunk);
      const sorted = (all: readonly Chunk[]) =>
        all.map(({ hash, size, bytes }) => [hash, size, Buffer.from(bytes).toString('hex')]).sort();
      expect(sorted(came)).toEqual(sorted(chunks));
    });

    it('chunks that are verified by who asks hold until the next is asked for', async () => {
      const sizes = [70_000, 5, 300_000, 1_200_000, 40, 130_000, 65_000, 41, 600_000, 280_000];
      const chunks = sizes.map((size): Chunk => {
        const bytes = randomBytes(size);
        return { hash: createHash('sha256').update(bytes).digest('hex'), size, bytes };
      });
      await a.sendChunks(chunks);
      const came: string[] = [];
      for await (const { hash, bytes } of b.fetchChunks(chunks, 'unverified')) {
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
        came.push(hash);
      }
      expect(came.sort()).toEqual(chunks.map(({ hash }) => hash).sort());
    });

    it('a chunk that is not there throws not_found, after those that are', async () => {
      const there = chunkOf('sent');
      await a.sendChunks([there]);
      const came: string[] = [];
      const fetching = async (): Promise<void> => {
        for await (const { hash } of a.fetchChunks([chunkOf('never sent'), there])) came.push(hash);
      };
      await expect(fetching()).rejects.toMatchObject({ code: 'not_found', retry: true });
      expect(came).toEqual([there.hash]);
    });

    it('a content of several chunks keeps its manifest', async () => {
      const [one, two] = ['1'.repeat(50_000), '2'.repeat(50_000)].map(chunkOf);
      if (one === undefined || two === undefined) throw new Error('two chunks');
      const whole = chunkOf('1'.repeat(50_000) + '2'.repeat(50_000));
      const refs = [one, two].map(({ hash, size }) => ({ hash, size }));
      const manifest: Manifest = { checksum: whole.hash, size: whole.size, chunks: refs };
      await a.sendChunks([one, two]);
      cursorsOf(await a.commit(offer([create('n1', 'f', whole)], { manifests: [manifest] })));
      expect(await b.manifests([whole.hash, EMPTY_CHECKSUM])).toEqual([manifest]);
    });

    it('a manifest is the same when it is told by the one before', async () => {
      const [first, second] = [contentOf('12345'), contentOf('12346')];
      await a.sendChunks([...first.chunks, ...second.chunks]);
      const creation = create('n1', 'f', first.whole);
      const [replaces = 0] = cursorsOf(
        await a.commit(offer([creation], { manifests: [first.manifest] })),
      );
      const content = { ...fileOf(second.whole), replaces };
      const [manifests, bases] = [[second.manifest], [first.manifest]];
      const edit: Change = { type: 'update', node: 'n1', content };
      cursorsOf(await a.commit(offer([edit], { manifests, bases })));
      expect(await b.manifests([second.whole.hash])).toEqual(manifests);
      expect(await b.manifests([second.whole.hash], bases)).toEqual(manifests);
    });

    it('a manifest arrives when the one that it is told by is not there', async () => {
      const [never, told] = [contentOf('12345'), contentOf('12346')];
      await a.sendChunks(told.chunks);
      const [manifests, bases] = [[told.manifest], [never.manifest]];
      cursorsOf(await a.commit(offer([create('n1', 'f', told.whole)], { manifests, bases })));
      expect(await b.manifests([told.whole.hash], bases)).toEqual(manifests);
    });

    it('an empty file needs no chunk', async () => {
      cursorsOf(await a.commit(offer([create('n1', 'empty', { hash: EMPTY_CHECKSUM, size: 0 })])));
    });

    it('[D12] a chunk that rotted is wanted back, until somebody brings it', async () => {
      expect(await a.wanted(undefined)).toEqual({ wanted: [], next: undefined });
      expect((await a.changes(0, undefined)).wanted).toBe(0);
      const chunk = chunkOf('once good');
      await a.commit(offer([create('n1', 'f', chunk)], { chunks: [chunk] }));
      await rot(chunk.hash);
      const told = (await b.changes(0, undefined)).wanted;
      expect(told).toBeGreaterThan(0);
      const wanted = [{ hash: chunk.hash, size: chunk.size, contents: [chunk.hash] }];
      expect((await b.wanted(undefined)).wanted).toEqual(wanted);
      expect(await b.missing([chunk.hash])).toEqual([chunk.hash]);
      await b.sendChunks([chunk]);
      expect(await b.missing([chunk.hash])).toEqual([]);
      expect((await b.changes(0, undefined)).wanted).toBe(0);
      await rot(chunk.hash);
      expect((await b.changes(0, undefined)).wanted).toBeGreaterThan(told);
    });

    it('[D12] what rotted is told to its last page', async () => {
      const chunks = Array.from({ length: 120 }, (_, n) => chunkOf(`chunk ${n}`));
      const creates = chunks.map((chunk, n) => create(`n${n}`, `f${n}`, chunk));
      await a.commit(offer(creates, { chunks }));
      for (const { hash } of chunks) await rot(hash);
      const told: string[] = [];
      for (let before: number | undefined; ; ) {
        const { wanted, next } = await b.wanted(before);
        told.push(...wanted.map(({ hash }) => hash));
        if (next === undefined) break;
        before = next;
      }
      expect(told.sort()).toEqual(chunks.map(({ hash }) => hash).sort());
    });

    it('a deletion is told as gone', async () => {
      const [version = 0] = cursorsOf(await a.commit(offer([directory('d1', 'one')])));
      const gone: Change = {
        type: 'delete',
        node: 'd1',
        replacesPlace: version,
        replacesContent: version,
      };
      cursorsOf(await a.commit(offer([gone])));
      const { changes } = await b.changes(version, undefined);
      expect(changes).toMatchObject([{ node: 'd1', entry: undefined }]);
    });
  });
}
