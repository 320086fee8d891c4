import { describe, expect, it } from 'vitest';
import { memoryApp, register, upload, uploadAll } from '../../../test/memory-app.ts';
import { conflictName } from '../../core/conflict-name.ts';
import { ROOT } from '../../core/entry.ts';

async function withFiles(options: Parameters<typeof memoryApp>[0] = {}) {
  const made = await memoryApp(options);
  await register(made.app, 'anna', 'Anna');
  await uploadAll(made.app, { 'a.txt': 'a', 'docs/report.txt': 'ours' });
  const post = async (url: string, payload: object) => {
    const answer = await made.app.inject({ method: 'POST', url, payload });
    const { success, error_code } = answer.json();
    return [answer.statusCode, success ?? error_code];
  };
  const paths = async (path?: string): Promise<string[]> => {
    const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`;
    const { children } = (await made.app.inject(`/v1/listing${query}`)).json();
    return children.map((child: { path: string }) => child.path);
  };
  const read = async (path: string) => {
    const url = `/download/${path.split('/').map(encodeURIComponent).join('/')}`;
    const answer = await made.app.inject(url);
    return answer.statusCode === 200 ? answer.body : answer.statusCode;
  };
  const last = () => made.committed.at(-1)?.records ?? [];
  return { ...made, post, paths, read, last };
}

const DONE = [200, true];

describe('POST /v1/directories', () => {
  it('makes a directory, and those above it, in one commit', async () => {
    const { post, paths, last, committed } = await withFiles();
    const body = { client_id: 'anna', path: 'new/deep/er' };
    expect(await post('/v1/directories', body)).toEqual(DONE);
    expect(await paths('new/deep')).toEqual(['new/deep/er']);
    expect(last().map(({ path, clientName, cause }) => [path, clientName, cause])).toEqual([
      ['new', 'Anna', 'directory'],
      ['new/deep', 'Anna', 'directory'],
      ['new/deep/er', 'Anna', 'directory'],
    ]);
    const before = committed.length;
    expect(await post('/v1/directories', body)).toEqual(DONE);
    expect(committed).toHaveLength(before);
  });

  it('is refused where a file is, for a bad name, and for a stranger', async () => {
    const { post, committed } = await withFiles();
    const before = committed.length;
    const make = (path: string, client_id = 'anna') => post('/v1/directories', { client_id, path });
    expect(await make('a.txt')).toEqual([409, 'conflict']);
    expect(await make('a.txt/below')).toEqual([409, 'conflict']);
    expect(await make('e\u0301')).toEqual([400, 'bad_name']);
    expect(await make('.syncer/x')).toEqual([400, 'bad_name']);
    expect(await make('../x')).toEqual([400, 'bad_request']);
    expect(await make('x', 'eve')).toEqual([403, 'not_registered']);
    expect(await post('/v1/directories', { path: 'x' })).toEqual([400, 'bad_request']);
    expect(committed).toHaveLength(before);
  });
});

describe('POST /v1/moves', () => {
  const from = (one: string, to: string, client_id = 'anna') => ({ client_id, from: one, to });

  it('moves a file, and a directory with everything in it', async () => {
    const { post, paths, read, last } = await withFiles();
    expect(await post('/v1/moves', from('a.txt', 'x/y/b.txt'))).toEqual(DONE);
    expect([await read('x/y/b.txt'), await read('a.txt')]).toEqual(['a', 404]);
    expect(await post('/v1/moves', from('docs', 'x/papers'))).toEqual(DONE);
    expect(last().map(({ operation, path }) => [operation, path])).toEqual([['move', 'x/papers']]);
    expect(await paths()).toEqual(['x']);
    expect(await read('x/papers/report.txt')).toBe('ours');
  });

  it('a file replaces a file; to where it is already, nothing happens', async () => {
    const { post, read, committed } = await withFiles();
    expect(await post('/v1/moves', from('a.txt', 'docs/report.txt'))).toEqual(DONE);
    expect([await read('docs/report.txt'), await read('a.txt')]).toEqual(['a', 404]);
    const before = committed.length;
    expect(await post('/v1/moves', from('docs', 'docs'))).toEqual(DONE);
    expect(committed).toHaveLength(before);
  });

  it('is refused where it cannot be', async () => {
    const { post, committed } = await withFiles({ allowedExtensions: ['.txt'] });
    const before = committed.length;
    expect(await post('/v1/moves', from('none', 'x'))).toEqual([404, 'not_found']);
    expect(await post('/v1/moves', from('docs', 'docs/x'))).toEqual([409, 'conflict']);
    expect(await post('/v1/moves', from('a.txt', 'docs'))).toEqual([409, 'conflict']);
    expect(await post('/v1/moves', from('docs', 'a.txt'))).toEqual([409, 'conflict']);
    expect(await post('/v1/moves', from('docs', 'a.txt/x'))).toEqual([409, 'conflict']);
    expect(await post('/v1/moves', from('a.txt', 'e\u0301.txt'))).toEqual([400, 'bad_name']);
    expect(await post('/v1/moves', from('a.txt', 'a.exe'))).toEqual([415, 'extension_not_allowed']);
    expect(await post('/v1/moves', from('a.txt', 'b.txt', 'eve'))).toEqual([403, 'not_registered']);
    expect(committed).toHaveLength(before);
  });
});

describe('POST /v1/conflicts', () => {
  const COPY = `docs/${conflictName({ name: 'report.txt', client: 'ben', time: 0 })}`;
  const ORIGINAL = 'docs/report.txt';

  async function withCopy() {
    const made = await withFiles();
    await uploadAll(made.app, { [COPY]: 'theirs' });
    const settle = (keep: string, path = COPY, client_id = 'anna') =>
      made.post('/v1/conflicts', { client_id, path, keep });
    const open = async () => (await made.app.inject('/v1/conflicts')).json().conflicts;
    return { ...made, settle, open };
  }

  it('original: the copy is deleted', async () => {
    const { settle, open, paths, read, last } = await withCopy();
    expect(await settle('original')).toEqual(DONE);
    expect([await paths('docs'), await open()]).toEqual([[ORIGINAL], []]);
    expect(await read(ORIGINAL)).toBe('ours');
    expect(last().map(({ operation, cause }) => [operation, cause])).toEqual([
      ['delete', 'settle'],
    ]);
  });

  it('copy: the original gets its content and stays the node that it is, in one commit', async () => {
    const { app, settle, open, paths, read, last } = await withCopy();
    const nodeOf = async () => (await app.inject('/v1/listing?path=docs')).json().children.at(-1);
    const before = await nodeOf();
    expect(await settle('copy')).toEqual(DONE);
    expect([await paths('docs'), await open()]).toEqual([[ORIGINAL], []]);
    expect([await read(ORIGINAL), (await nodeOf()).node]).toEqual(['theirs', before.node]);
    expect(last().map(({ operation, path }) => [operation, path])).toEqual([
      ['update', ORIGINAL],
      ['delete', COPY],
    ]);
    const old = await app.inject(`/v1/contents/${before.checksum}`);
    expect(old.body).toBe('ours');
  });

  it('copy: of equal ones the copy only goes; of an original that is gone it takes the place', async () => {
    const { app, settle, paths, read, last } = await withCopy();
    await app.inject({ method: 'DELETE', url: `/files/${ORIGINAL}?client_id=anna` });
    expect(await settle('copy')).toEqual(DONE);
    expect([await paths('docs'), await read(ORIGINAL)]).toEqual([[ORIGINAL], 'theirs']);
    await uploadAll(app, { [COPY]: 'theirs' });
    expect(await settle('copy')).toEqual(DONE);
    expect(last().map(({ operation }) => operation)).toEqual(['delete']);
    expect(await read(ORIGINAL)).toBe('theirs');
  });

  it('copy: what is of another kind is replaced, with everything in it', async () => {
    const { app, settle, paths, post } = await withCopy();
    const [name, copy] = ['docs', conflictName({ name: 'docs', client: 'ben', time: undefined })];
    await post('/v1/moves', { client_id: 'anna', from: COPY, to: copy });
    await uploadAll(app, { 'docs/more/deep': 'x' });
    expect(await settle('copy', copy)).toEqual(DONE);
    expect(await paths()).toEqual(['a.txt', name]);
    expect((await app.inject('/download/docs')).body).toBe('theirs');
  });

  it('both: the copy gets a plain name that is free', async () => {
    const { app, settle, open, paths, read } = await withCopy();
    await uploadAll(app, { 'docs/report (ben).txt': 'another' });
    expect(await settle('both')).toEqual(DONE);
    const named = 'docs/report (ben 2).txt';
    expect([(await paths('docs')).sort(), await open()]).toEqual([
      ['docs/report (ben).txt', named, ORIGINAL].sort(),
      [],
    ]);
    expect([await read(named), await read(ORIGINAL)]).toEqual(['theirs', 'ours']);
  });

  it('a directory is settled with everything in it', async () => {
    const { app, settle, paths } = await withCopy();
    const copy = conflictName({ name: 'docs', client: 'ben', time: undefined, kind: 'directory' });
    await uploadAll(app, { [`${copy}/x/y`]: '1' });
    expect(await settle('both', copy)).toEqual(DONE);
    expect(await paths('docs (ben)/x')).toEqual(['docs (ben)/x/y']);
    await uploadAll(app, { [`${copy}/x/y`]: '2' });
    expect(await settle('original', copy)).toEqual(DONE);
    expect(await paths()).toEqual(['a.txt', 'docs', 'docs (ben)']);
  });

  it('looks again when the copy changed meanwhile: the newest is what stays', async () => {
    const { app, settle, read, metadata } = await withCopy();
    const { named } = metadata;
    let calls = 0;
    metadata.named = async (...given) => {
      calls += 1;
      if (calls === 4) await upload(app, { path: COPY, bytes: 'newer' });
      return await named.apply(metadata, given);
    };
    expect(await settle('copy')).toEqual(DONE);
    expect(await read(ORIGINAL)).toBe('newer');
  });

  it('is refused for what is no conflict copy, and for a stranger', async () => {
    const { settle, committed } = await withCopy();
    const before = committed.length;
    expect(await settle('original', ORIGINAL)).toEqual([404, 'not_found']);
    expect(await settle('original', `x/${COPY}`)).toEqual([404, 'not_found']);
    expect(await settle('original', 'e\u0301')).toEqual([400, 'bad_name']);
    expect(await settle('neither')).toEqual([400, 'bad_request']);
    expect(await settle('copy', COPY, 'eve')).toEqual([403, 'not_registered']);
    expect(committed).toHaveLength(before);
  });
});

describe('DELETE /v1/clients', () => {
  it('forgets a client and ends its connection; it may come back', async () => {
    const { app, online } = await withFiles();
    online.add('anna');
    const remove = async () => {
      const answer = await app.inject({ method: 'DELETE', url: '/v1/clients/anna' });
      return [answer.statusCode, answer.json().message];
    };
    expect(await remove()).toEqual([200, 'It is forgotten.']);
    expect([...online]).toEqual([]);
    expect((await app.inject('/v1/clients')).json().clients).toEqual([]);
    expect((await upload(app, { path: 'b', bytes: 'x' })).statusCode).toBe(403);
    expect(await remove()).toEqual([200, 'It was not known.']);
    await register(app);
    expect((await upload(app, { path: 'b', bytes: 'x' })).statusCode).toBe(200);
  });

  it('keeps what it did', async () => {
    const { app, metadata } = await withFiles();
    await app.inject({ method: 'DELETE', url: '/v1/clients/anna' });
    expect(
      (await metadata.childrenPage('default', ROOT, { after: undefined, limit: 9 })).length,
    ).toBe(2);
    expect((await app.inject('/v1/history?client_id=anna')).json().history).toHaveLength(3);
  });

  it('takes no id that is none', async () => {
    const { app } = await withFiles();
    const answer = await app.inject({ method: 'DELETE', url: '/v1/clients/a%2Fb' });
    expect([answer.statusCode, answer.json().error_code]).toEqual([400, 'bad_request']);
  });
});
