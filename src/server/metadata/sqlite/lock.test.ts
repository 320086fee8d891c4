import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the lock', () => {
  it('is given once, and again when it was released', () => {
    const path = join(directory, 'lock');
    const first = takeLock(path);
    expect(first).toBeDefined();
    expect(takeLock(path)).toBeUndefined();
    first?.release();
    const second = takeLock(path);
    expect(second).toBeDefined();
    second?.release();
  });

  it('[B23] that cannot be read is no free one', async () => {
    const path = join(directory, 'lock');
    await mkdir(path);
    expect(() => takeLock(path)).toThrow(/unable to open/);
    const nonsense = join(directory, 'nonsense');
    await writeFile(nonsense, 'x'.repeat(9000));
    expect(() => takeLock(nonsense)).toThrow(/not a database/);
  });

  it('cannot be in a directory that is not there', () => {
    expect(() => takeLock(join(directory, 'none', 'lock'))).toThrow();
  });
});
