import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { losing } from '../../test/engine/losing.ts';
import { type Client, longText, pair } from '../../test/engine/rig.ts';
import { EMPTY_CHECKSUM } from '../core/chunk.ts';
import { cutParameters } from '../core/cut.ts';
import type { Look } from './ports.ts';
import { isSame, readFile } from './read-file.ts';

let anna: Client;
beforeEach(() => {
  ({ anna } = pair());
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Somebody writes this at so many of the reads, from the first. */
function writeAtReads(times: number): void {
  let reads = 0;
  anna.meanwhile = (step) => {
    if (step !== 'read f') return;
    reads += 1;
    if (reads <= times) anna.user.write('f', `version ${reads}`);
  };
}

describe('readFile', () => {
  it('a small file is one chunk, which has the file’s checksum', async () => {
    anna.user.write('f', 'hello');
    const { manifest, look } = await readFile(anna.disk, ['f']);
    const checksum = hashOf('hello');
    expect(manifest).toEqual({ checksum, size: 5, chunks: [{ hash: checksum, size: 5 }] });
    expect(look).toMatchObject({ kind: 'file', size: 5 });
  });

  it('an empty file has no chunk', async () => {
    anna.user.write('f', '');
    const { manifest } = await readFile(anna.disk, ['f']);
    expect(manifest).toEqual({ checksum: EMPTY_CHECKSUM, size: 0, chunks: [] });
  });

  it.each([65_536, 65_544, 1_500_000])(
    '%i bytes: the chunks are the file, and no other size',
    async (size) => {
      const text = longText(4, size);
      anna.user.write('f', text);
      const { manifest } = await readFile(anna.disk, ['f']);
      expect(manifest).toMatchObject({ checksum: hashOf(text), size });
      let at = 0;
      for (const { hash, size: length } of manifest.chunks) {
        expect(hash).toBe(hashOf(text.slice(at, at + length)));
        expect(length).toBeLessThanOrEqual(cutParameters(size).maximum);
        at += length;
      }
      expect(at).toBe(size);
    },
  );

  it('[C01] a file that was written to meanwhile is read again', async () => {
    anna.user.write('f', 'version 0');
    writeAtReads(2);
    const { manifest } = await readFile(anna.disk, ['f']);
    expect(manifest.checksum).toBe(hashOf('version 2'));
  });

  it('[C01] one that does not hold still is no answer', async () => {
    anna.user.write('f', 'version 0');
    writeAtReads(Number.POSITIVE_INFINITY);
    await expect(readFile(anna.disk, ['f'])).rejects.toMatchObject({ problem: 'changed' });
  });

  it('one that is hashed by somebody who is gone is read again', async () => {
    anna.user.write('f', 'hello');
    const asked = losing(anna, 1);
    const { manifest } = await readFile(anna.disk, ['f']);
    expect(manifest.checksum).toBe(hashOf('hello'));
    expect(asked.opened).toBe(2);
  });

  it('what is gone, or no file, is said', async () => {
    anna.user.makeDirectory('d');
    await expect(readFile(anna.disk, ['f'])).rejects.toMatchObject({ problem: 'absent' });
    await expect(readFile(anna.disk, ['d'])).rejects.toMatchObject({ problem: 'changed' });
    anna.user.write('f', 'F');
    anna.fault = (step) => (step === 'read' ? 'denied' : undefined);
    await expect(readFile(anna.disk, ['f'])).rejects.toMatchObject({ problem: 'denied' });
  });

  it('[C10] read right after a write, its look is never trusted', async () => {
    const coarse = pair({ systems: { anna: { features: { tick: 2_000_000_000n } } } });
    coarse.anna.user.write('f', 'F');
    expect((await readFile(coarse.anna.disk, ['f'])).look.fingerprint).toBe('');
    coarse.rig.clock.pass(10_000);
    expect((await readFile(coarse.anna.disk, ['f'])).look.fingerprint).not.toBe('');
  });
});

describe('two looks', () => {
  const look: Look = {
    kind: 'file',
    inode: '1',
    fingerprint: 'x',
    size: 1,
    mtime: 5,
    executable: false,
  };

  it.each([
    ['equal', {}, true],
    ['another fingerprint', { fingerprint: 'y' }, false],
    ['another inode', { inode: '2' }, false],
    ['another kind', { kind: 'symlink' }, false],
    ['racy, with the same size and time', { fingerprint: '' }, true],
    ['racy, with another size', { fingerprint: '', size: 2 }, false],
    ['racy, with another time', { fingerprint: '', mtime: 6 }, false],
  ] as const)('%s', (_, other, same) => {
    expect(isSame(look, { ...look, ...other })).toBe(same);
    expect(isSame({ ...look, ...other }, look)).toBe(same);
  });
});
