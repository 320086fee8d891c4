import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('makeDirectory', () => {
  it('makes those above too; twice is once', async () => {
    const path = join(directory, 'a', 'b', 'c');
    await makeDirectory(path);
    await makeDirectory(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it.each(['file', 'file/below'])('refuses where a file is in the way: %s', async (path) => {
    await writeFile(join(directory, 'file'), '');
    await expect(makeDirectory(join(directory, path))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
