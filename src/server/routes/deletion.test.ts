import { describe, expect, it } from 'vitest';
import { memoryApp, register, uploadAll } from '../../../test/memory-app.ts';

async function withFiles(files: Record<string, string>) {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, files);
  made.committed.length = 0;
  const remove = (path: string, query = '?client_id=anna') =>
    made.app.inject({ method: 'DELETE', url: `/files/${path}${query}` });
  return { ...made, remove };
}

describe('DELETE /files', () => {
  it('deletes a file; deleting it again succeeds', async () => {
    const { app, remove, committed } = await withFiles({ 'dir/a b.txt': 'x' });
    for (const message of ['It is deleted.', 'It was not there.']) {
      const answer = await remove('dir/a%20b.txt');
      expect([answer.statusCode, answer.json()]).toEqual([200, { success: true, message }]);
    }
    expect((await app.inject('/download/dir/a%20b.txt')).statusCode).toBe(404);
    expect(committed.flatMap(({ records }) => records)).toMatchObject([
      { operation: 'delete', path: 'dir/a b.txt', clientName: 'Anna', cause: 'delete' },
    ]);
  });

  it('deletes a directory with everything in it, in one commit', async () => {
    const files = Array.from({ length: 200 }, (_, at) => [`dir/d${at % 7}/e/f${at}`, `${at}`]);
    const { remove, committed, metadata } = await withFiles({
      ...Object.fromEntries(files),
      keep: 'x',
    });
    expect((await remove('dir')).statusCode).toBe(200);
    expect(committed.map(({ records }) => records.length)).toEqual([200 + 7 + 7 + 1]);
    expect(await metadata.counts('default')).toMatchObject({ files: 1, directories: 0 });
  });

  it('what never was there, or could not be, is deleted already', async () => {
    const { remove, committed } = await withFiles({ file: 'x' });
    for (const path of ['nothing', 'no/such/thing', 'file/below']) {
      expect((await remove(path)).json()).toMatchObject({ success: true });
    }
    expect(committed).toEqual([]);
  });

  it('many at once, with an upload in between, all succeed', async () => {
    const { app, remove, metadata } = await withFiles({ 'dir/a': 'x' });
    const answers = await Promise.all([remove('dir'), remove('dir/a'), remove('dir')]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect((await metadata.counts('default')).files).toBe(0);
    await uploadAll(app, { 'dir/a': 'again' });
    expect((await app.inject('/download/dir/a')).body).toBe('again');
  });

  it('is refused without a client, to a stranger, and for what is no path', async () => {
    const { remove } = await withFiles({ a: 'x' });
    const code = async (path: string, query?: string) => {
      const answer = await remove(path, query);
      return [answer.statusCode, answer.json().error_code];
    };
    expect(await code('a', '')).toEqual([400, 'bad_request']);
    expect(await code('a', '?client_id=')).toEqual([400, 'bad_request']);
    expect(await code('a', '?client_id=a&client_id=b')).toEqual([400, 'bad_request']);
    expect(await code('a', '?client_id=eve')).toEqual([403, 'not_registered']);
    for (const path of ['', '%2e%2e%2fx', 'a%00', 'a//b', '%2fa', 'e%cc%81', '.syncer']) {
      expect([path, ...(await code(path))]).toEqual([path, 400, 'bad_name']);
    }
  });
});
