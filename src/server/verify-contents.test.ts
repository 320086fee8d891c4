import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryApp, memoryApp, register } from '../../test/memory-app.ts';
import type { Change } from '../core/change.ts';
import { type Chunk, type Manifest, single } from '../core/chunk.ts';
import { ROOT } from '../core/entry.ts';
import type { Commit } from '../protocol/commit.ts';
import { verifyContents } from './verify-contents.ts';

const chunkOf = (text: string): Chunk => {
  const bytes = new TextEncoder().encode(text);
  return { hash: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, bytes };
};

const [ONE, TWO] = [chunkOf('1'.repeat(40_000)), chunkOf('2'.repeat(40_000))];
const WHOLE = chunkOf('1'.repeat(40_000) + '2'.repeat(40_000));

const manifestOf = (checksum: string, chunks: readonly Chunk[]): Manifest => ({
  checksum,
  size: 80_000,
  chunks: chunks.map(({ hash, size }) => ({ hash, size })),
});

const creation = ({ checksum, size }: { checksum: string; size: number }): Change => ({
  type: 'create',
  node: 'n',
  kind: 'file',
  place: { parent: ROOT, name: 'f' },
  content: { checksum, size, mtime: 0, executable: false },
});

const commitOf = (manifests: readonly Manifest[], more: Partial<Commit> = {}): Commit => ({
  clientId: 'anna',
  key: 'key',
  epoch: 'epoch-1',
  changes: manifests.map(creation),
  manifests,
  chunks: [],
  ...more,
});

describe('what a client says of a content', () => {
  let made: MemoryApp;
  beforeEach(async () => {
    made = await memoryApp();
    const places = await made.parts.packs.append([ONE, TWO]);
    await made.metadata.addChunks(made.folder, places);
  });

  const verified = (commit: Commit): Promise<string[]> => verifyContents(made.parts, commit);
  const REFUSED = { code: 'checksum_mismatch' };

  it('is believed when the chunks make the checksum', async () => {
    await expect(verified(commitOf([manifestOf(WHOLE.hash, [ONE, TWO])]))).resolves.toEqual([]);
  });

  it('[D15] is refused when they make another', async () => {
    await expect(verified(commitOf([manifestOf(WHOLE.hash, [TWO, ONE])]))).rejects.toMatchObject(
      REFUSED,
    );
  });

  it('is refused when a chunk has another size, stored or sent', async () => {
    const lie = { checksum: ONE.hash, size: 39_999 };
    const stored = commitOf([], { changes: [creation(lie)] });
    await expect(verified(stored)).rejects.toMatchObject(REFUSED);
    const small = chunkOf('small');
    const sent = commitOf([], {
      changes: [creation({ checksum: small.hash, size: 4 })],
      chunks: [small],
    });
    await expect(verified(sent)).rejects.toMatchObject(REFUSED);
    const honest = commitOf([], { changes: [creation(single(lie))], chunks: [] });
    await expect(verified(honest)).rejects.toMatchObject(REFUSED);
  });

  it('is asked for while chunks are missing, also when no change names it', async () => {
    const absent = chunkOf('never sent');
    const manifest = manifestOf(WHOLE.hash, [ONE, { ...absent, size: 40_000 }]);
    expect(await verified(commitOf([manifest]))).toEqual([absent.hash]);
    expect(await verified(commitOf([manifest], { changes: [] }))).toEqual([absent.hash]);
  });

  it('is believed or refused when its last chunk comes along', async () => {
    const three = chunkOf('3'.repeat(40_000));
    const whole = chunkOf('1'.repeat(40_000) + '3'.repeat(40_000));
    const chunks = [three];
    const lie = commitOf([manifestOf(whole.hash, [three, ONE])], { chunks });
    await expect(verified(lie)).rejects.toMatchObject(REFUSED);
    const honest = commitOf([manifestOf(whole.hash, [ONE, three])], { chunks });
    await expect(verified(honest)).resolves.toEqual([]);
  });

  it('is not read again when the same was told before', async () => {
    const manifest = manifestOf(WHOLE.hash, [ONE, TWO]);
    await made.metadata.transaction(made.folder, (tx) => tx.addManifests([manifest]));
    const reads = made.objects.asked.gets;
    await verified(commitOf([manifest]));
    expect(made.objects.asked.gets).toBe(reads);
  });
});

describe('a commit with a manifest that cannot be read', () => {
  const never = chunkOf('never sent');
  const lie = { checksum: WHOLE.hash, size: 80_000 };
  const manifests = [{ ...lie, chunks: [{ hash: never.hash, size: 80_000 }] }];
  const place = { parent: ROOT, name: 'f' };
  const content = { ...lie, mtime: 0, executable: false };
  const named = { type: 'create', node: 'n', kind: 'file', place, content };
  const unnamed = { type: 'create', node: 'n', kind: 'directory', place };

  it.each([
    ['names it', named],
    ['does not name it', unnamed],
  ])(
    '[D15] is not taken when a change %s, though its chunk comes in between',
    async (_, change) => {
      const { app, metadata, folder } = await memoryApp();
      await register(app);
      const { chunkPlaces } = metadata;
      metadata.chunkPlaces = async (...asked) => {
        const places = await chunkPlaces.apply(metadata, asked);
        const where = { pack: 'p', offset: 49, length: 9, encoding: 'raw' } as const;
        await metadata.addChunks(folder, [{ ...where, hash: never.hash, size: 80_000 }]);
        return places;
      };
      const commit = { client_id: 'anna', key: 'k', epoch: 'epoch-1', chunks: [], manifests };
      const payload = { ...commit, changes: [change] };
      const answer = await app.inject({ method: 'POST', url: '/v1/commits', payload });
      expect(answer.json()).toEqual({ type: 'missing', chunks: [never.hash] });
      expect(await metadata.manifests(folder, [lie.checksum])).toEqual([]);
    },
  );
});
