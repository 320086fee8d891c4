import { describe, expect, it } from 'vitest';
import { memoryApp, register, uploadAll } from '../../test/memory-app.ts';
import { Failure } from '../protocol/failure.ts';
import { compareFolder } from './compare-folder.ts';
import { moveFile } from './move-file.ts';

const author = { clientId: 'anna', clientName: 'Anna' };

async function withFiles(files: Record<string, string>) {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, files);
  made.committed.length = 0;
  const move = (from: string, to: string) => moveFile(made.parts, { from, to, author });
  const code = async (from: string, to: string) => {
    const error = await move(from, to).catch((thrown: unknown) => thrown);
    return error instanceof Failure ? error.code : error;
  };
  const paths = async () => (await compareFolder(made.parts, { files: [] })).downloads.toSorted();
  return { ...made, move, code, paths };
}

describe('moveFile', () => {
  it('one operation, without content: the node stays the node', async () => {
    const { move, committed, paths } = await withFiles({ a: 'x' });
    await move('a', 'new/deep/b');
    const records = committed.flatMap((one) => one.records);
    expect(records.map(({ operation, path }) => [operation, path])).toEqual([
      ['create', 'new'],
      ['create', 'new/deep'],
      ['move', 'new/deep/b'],
    ]);
    expect(records[2]).toMatchObject({ oldPath: 'a', cause: 'move', clientName: 'Anna' });
    expect(await paths()).toEqual(['new/deep/b']);
  });

  it('a directory moves with everything in it, as one change', async () => {
    const { move, committed, paths } = await withFiles({
      'dir/a': 'a',
      'dir/b/c': 'c',
      other: 'o',
    });
    await move('dir', 'moved');
    expect(committed.map(({ records }) => records.length)).toEqual([1]);
    expect(await paths()).toEqual(['moved/a', 'moved/b/c', 'other']);
  });

  it('a file takes the place of a file, whose content stays in the history', async () => {
    const { move, app, metadata, paths } = await withFiles({ tmp: 'new', target: 'old' });
    await move('tmp', 'target');
    expect(await paths()).toEqual(['target']);
    expect((await app.inject('/download/target')).body).toBe('new');
    const history = await metadata.history('default', { path: 'target', limit: 10 });
    expect(history.map(({ operation }) => operation)).toEqual([
      'move',
      'delete',
      'create',
      'create',
    ]);
  });

  it('to where it is, nothing happens', async () => {
    const { move, committed } = await withFiles({ a: 'x' });
    await move('a', 'a');
    expect(committed).toEqual([]);
  });

  it('refuses what cannot be', async () => {
    const { code, committed } = await withFiles({ file: 'x', 'dir/in': 'y', 'other/in': 'z' });
    expect(await code('nothing', 'b')).toBe('not_found');
    expect(await code('dir', 'dir/below')).toBe('conflict');
    expect(await code('dir', 'other')).toBe('conflict');
    expect(await code('file', 'dir')).toBe('conflict');
    expect(await code('dir', 'file')).toBe('conflict');
    expect(await code('dir', 'file/below')).toBe('conflict');
    expect(await code('file', 'file/below')).toBe('conflict');
    expect(await code('../x', 'b')).toBe('bad_name');
    expect(await code('file', '../x')).toBe('bad_name');
    expect(await code('file', 'e\u0301')).toBe('bad_name');
    expect(committed).toEqual([]);
  });

  it('two moves of one file at once: it ends in one place, and one of them learns that it is gone', async () => {
    const { code, paths } = await withFiles({ a: 'x' });
    const codes = await Promise.all([code('a', 'b'), code('a', 'c')]);
    expect(codes.toSorted()).toEqual(['not_found', undefined]);
    expect(await paths()).toHaveLength(1);
  });
});
