import { expect, it } from 'vitest';
import { hashOf, memoryApp, register, upload, uploadAll } from '../../test/memory-app.ts';
import { conflictName } from '../core/conflict-name.ts';

const COPY = `docs/${conflictName({ name: 'report.txt', client: 'ben', time: 0 })}`;
const ORIGINAL = 'docs/report.txt';
const MERGED = 'ours and theirs';

async function withCopy(options: Parameters<typeof memoryApp>[0] = {}) {
  const made = await memoryApp(options);
  const { app } = made;
  await register(app, 'anna', 'Anna');
  await uploadAll(app, { [ORIGINAL]: 'ours', [COPY]: 'theirs' });
  const seen = { original: hashOf('ours'), copy: hashOf('theirs') };
  const settle = async (merged: object | undefined, { keep = 'merged', path = COPY } = {}) => {
    const payload = { client_id: 'anna', path, keep, ...(merged && { merged }) };
    const answer = await app.inject({ method: 'POST', url: '/v1/conflicts', payload });
    const { success, error_code: code } = answer.json();
    return [answer.statusCode, success ?? code];
  };
  const read = async (path: string) => {
    const answer = await app.inject(`/download/${encodeURIComponent(path)}`);
    return answer.statusCode === 200 ? answer.body : answer.statusCode;
  };
  const last = () => made.committed.at(-1)?.records ?? [];
  return { ...made, settle, seen, read, last };
}

const DONE = [200, true];

it('the original holds the merged text, the copy is gone, in one commit that says of what it was made', async () => {
  const { app, settle, seen, read, last } = await withCopy();
  expect(await settle({ text: MERGED, ...seen })).toEqual(DONE);
  expect([await read(ORIGINAL), await read(COPY)]).toEqual([MERGED, 404]);
  expect(last().map(({ operation, path, cause }) => [operation, path, cause])).toEqual([
    ['update', ORIGINAL, 'settle'],
    ['delete', COPY, 'settle'],
  ]);
  const url = `/v1/history?path=${encodeURIComponent(ORIGINAL)}&limit=1`;
  const [line] = (await app.inject(url)).json().history;
  expect(line).toMatchObject({
    replaced: { checksum: seen.original },
    merged_from: [{ checksum: seen.copy, size: 6 }],
  });
  expect((await app.inject('/v1/conflicts')).json().conflicts).toEqual([]);
});

it('a text of any size is taken, an empty one too; one that is the original’s only lets the copy go', async () => {
  for (const text of ['', 'line\n'.repeat(60_000), 'ours']) {
    const { settle, seen, read, last } = await withCopy();
    expect(await settle({ text, ...seen })).toEqual(DONE);
    expect([await read(ORIGINAL), await read(COPY)]).toEqual([text, 404]);
    expect(last()).toHaveLength(text === 'ours' ? 1 : 2);
  }
});

it('nothing is written over that somebody saved since it was looked at', async () => {
  const { app, settle, seen, read } = await withCopy();
  await upload(app, { path: ORIGINAL, bytes: 'ours, and later' });
  expect(await settle({ text: MERGED, ...seen })).toEqual([409, 'conflict']);
  expect([await read(ORIGINAL), await read(COPY)]).toEqual(['ours, and later', 'theirs']);
  await upload(app, { path: ORIGINAL, bytes: 'ours' });
  await upload(app, { path: COPY, bytes: 'theirs, and later' });
  expect(await settle({ text: MERGED, ...seen })).toEqual([409, 'conflict']);
  await app.inject({ method: 'DELETE', url: `/files/${ORIGINAL}?client_id=anna` });
  expect(await settle({ text: MERGED, ...seen })).toEqual([409, 'conflict']);
  expect(await read(COPY)).toBe('theirs, and later');
});

it('what is no conflict copy, too large, or not to be understood is refused', async () => {
  const { settle, seen, committed } = await withCopy({ maxFileSize: 20 });
  const before = committed.length;
  expect(await settle({ text: 'x'.repeat(21), ...seen })).toEqual([413, 'file_too_large']);
  expect(await settle({ text: MERGED, ...seen }, { path: ORIGINAL })).toEqual([404, 'not_found']);
  expect(await settle({ text: MERGED, ...seen }, { path: `x/${COPY}` })).toEqual([
    404,
    'not_found',
  ]);
  expect(await settle(undefined)).toEqual([400, 'bad_request']);
  expect(await settle({ text: MERGED, ...seen }, { keep: 'copy' })).toEqual([400, 'bad_request']);
  expect(await settle({ text: MERGED })).toEqual([400, 'bad_request']);
  expect(committed).toHaveLength(before);
});
