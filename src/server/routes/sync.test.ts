import { describe, expect, it } from 'vitest';
import { hashOf, memoryApp, register, START, uploadAll } from '../../../test/memory-app.ts';
import { ROOT } from '../../core/entry.ts';
import type { FileInfo } from '../../protocol/file-info.ts';

const time = (ms: number) => new Date(START + ms).toISOString();

const info = (path: string, content: string, ms = 0): FileInfo => ({
  path,
  size: content.length,
  checksum: hashOf(content),
  modified_time: time(ms),
  is_directory: false,
});

async function withFiles(files: Record<string, string>) {
  const made = await memoryApp();
  await register(made.app);
  await uploadAll(made.app, files);
  const sync = async (listed: unknown[]) => {
    const payload = { client_id: 'anna', files: listed, sync_root: '/home/anna' };
    return made.app.inject({ method: 'POST', url: '/sync', payload });
  };
  return { ...made, sync };
}

describe('POST /sync', () => {
  it('the analysis of the contract, path by path', async () => {
    const { sync } = await withFiles({
      same: 'a',
      touched: 'a',
      'only/there': 'a',
      'newer-here': 'old',
      'newer-there': 'new',
      'as-old': 'one',
    });
    const here = [
      info('same', 'a'),
      info('touched', 'a', 9000),
      info('only here', 'a'),
      info('newer-here', 'edited', 1),
      info('newer-there', 'old', -1),
      info('as-old', 'two', 0),
    ];
    const answer = await sync(here);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      success: true,
      message: '2 to upload, 1 to download, 2 in conflict.',
      files_to_sync: [here[3], here[2], info('only/there', 'a')],
      conflicts: ['newer-there', 'as-old'],
      uploads: ['newer-here', 'only here'],
      downloads: ['only/there'],
    });
  });

  it('nothing and nothing is nothing to do', async () => {
    const { sync } = await withFiles({});
    expect((await sync([])).json()).toMatchObject({ success: true, files_to_sync: [] });
  });

  it('directories: those that hold something are there by what they hold', async () => {
    const { sync, parts } = await withFiles({ 'dir/file': 'a' });
    await create(parts, 'hollow', { kind: 'directory' });
    const directory = (path: string) => ({
      ...{ path, size: 0, checksum: '', modified_time: time(0) },
      is_directory: true,
    });
    expect((await sync([info('dir/file', 'a')])).json().downloads).toEqual(['hollow']);
    const all = ['dir', 'hollow', 'new'].map(directory);
    expect((await sync([...all, info('dir/file', 'a')])).json()).toMatchObject({
      uploads: ['new'],
      downloads: [],
      conflicts: [],
    });
    expect((await sync([info('dir', 'a file'), directory('dir/file')])).json()).toMatchObject({
      conflicts: ['dir/file'],
    });
  });

  it('a symlink is no file to fetch, and none to overwrite', async () => {
    const { sync, parts } = await withFiles({});
    await create(parts, 'link', { kind: 'symlink', content: { target: 'x' } });
    expect((await sync([])).json()).toMatchObject({ downloads: [], conflicts: [] });
    const answer = (await sync([info('link', 'a')])).json();
    expect(answer).toMatchObject({ uploads: [], conflicts: ['link'] });
  });

  it('a long list, with an answer that comes compressed and in pieces', async () => {
    const { app } = await withFiles({ a: 'a' });
    const files = Array.from({ length: 30_000 }, (_, at) =>
      info(`dir ${at % 100}/file ${at}`, 'x'),
    );
    const payload = { client_id: 'anna', files, sync_root: '/' };
    for (const [encoding, inflated] of [
      ['zstd', 'zstd'],
      ['gzip', 'gzip'],
      ['identity', undefined],
    ]) {
      const headers = { 'accept-encoding': `${encoding}` };
      const answer = await app.inject({ method: 'POST', url: '/sync', payload, headers });
      expect(answer.headers['content-encoding']).toBe(inflated);
      const response = await inflate(answer.rawPayload, inflated);
      expect(response.files_to_sync).toHaveLength(30_001);
      expect(response.uploads).toEqual(files.map(({ path }) => path));
    }
  });

  it.each([
    [[info('../x', 'a')]],
    [[info('/x', 'a')]],
    [[info('e\u0301', 'a')]],
    [[{ ...info('x', 'a'), checksum: 'abc' }]],
    [[{ ...info('x', 'a'), checksum: '' }]],
    [[{ ...info('x', 'a'), size: -1 }]],
    [[{ ...info('x', 'a'), size: 1.5 }]],
    [[{ ...info('x', 'a'), modified_time: 'yesterday' }]],
    [['x']],
  ])('%j is refused', async (listed) => {
    const { sync } = await withFiles({});
    expect((await sync(listed)).statusCode).toBe(400);
  });
});

async function inflate(bytes: Buffer, encoding: string | undefined) {
  const { gunzipSync, zstdDecompressSync } = await import('node:zlib');
  const inflated =
    encoding === 'zstd' ? zstdDecompressSync(bytes) : encoding ? gunzipSync(bytes) : bytes;
  return JSON.parse(inflated.toString());
}

type Parts = Awaited<ReturnType<typeof memoryApp>>['parts'];
type Made = { kind: 'directory' } | { kind: 'symlink'; content: { target: string } };

async function create({ committer }: Parts, name: string, made: Made): Promise<void> {
  const place = { parent: ROOT, name };
  await committer.commit({
    ...{ clientId: 'bob', clientName: 'Bob', key: name, epoch: undefined, cause: 'sync' },
    changes: [{ type: 'create', node: name, place, ...made }],
    manifests: [],
    chunks: [],
  });
}
