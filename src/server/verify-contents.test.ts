import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryApp, memoryApp } from '../../test/memory-app.ts';
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

  const verified = (commit: Commit): Promise<void> => verifyContents(made.parts, commit);
  const REFUSED = { code: 'checksum_mismatch' };

  it('is believed when the chunks make the checksum', async () => {
    await expect(verified(commitOf([manifestOf(WHOLE.hash, [ONE, TWO])]))).resolves.toBeUndefined();
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

  it('is left to the commit while chunks are missing', async () => {
    const absent = chunkOf('never sent');
    const unknown = commitOf([manifestOf(WHOLE.hash, [ONE, { ...absent, size: 40_000 }])]);
    await expect(verified(unknown)).resolves.toBeUndefined();
  });

  it('is not read again when the same was told before', async () => {
    const manifest = manifestOf(WHOLE.hash, [ONE, TWO]);
    await made.metadata.transaction(made.folder, (tx) => tx.addManifests([manifest]));
    const reads = made.objects.asked.gets;
    await verified(commitOf([manifest]));
    expect(made.objects.asked.gets).toBe(reads);
  });
});
