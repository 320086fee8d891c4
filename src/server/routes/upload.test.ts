import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  FORM_HEADERS,
  type FormPart,
  form,
  hashOf,
  type MemoryApp,
  type MemoryAppOptions,
  memoryApp,
  register,
  START,
  upload,
  uploadAll,
  uploadParts,
} from '../../../test/memory-app.ts';

const MIB = 1024 * 1024;

async function registered(options: MemoryAppOptions = {}): Promise<MemoryApp> {
  const made = await memoryApp(options);
  await register(made.app);
  return made;
}

const post = ({ app }: MemoryApp, parts: readonly FormPart[]) =>
  app.inject({ method: 'POST', url: '/upload', ...form(parts) });

const download = async ({ app }: MemoryApp, path: string) =>
  (await app.inject(`/download/${path}`)).rawPayload;

describe('POST /upload', () => {
  it('stores a file with the directories above it, and answers its FileInfo', async () => {
    const made = await registered();
    const answer = await upload(made.app, { path: 'docs/2026/plan.txt', bytes: 'hello' });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        success: true,
        message: 'The file is stored.',
        file_info: {
          path: 'docs/2026/plan.txt',
          size: 5,
          checksum: hashOf('hello'),
          modified_time: new Date(START).toISOString(),
          is_directory: false,
        },
      },
    ]);
    expect((await download(made, 'docs/2026/plan.txt')).toString()).toBe('hello');
    const [{ records } = { records: [] }] = made.committed;
    expect(records.map(({ operation, path, cause }) => [operation, path, cause])).toEqual([
      ['create', 'docs', 'upload'],
      ['create', 'docs/2026', 'upload'],
      ['create', 'docs/2026/plan.txt', 'upload'],
    ]);
    expect(records[2]).toMatchObject({ clientId: 'anna', clientName: 'Anna', time: START });
  });

  it('gives the file that is there a new content, and keeps its node', async () => {
    const made = await registered();
    await uploadAll(made.app, { 'a.txt': 'one' });
    await uploadAll(made.app, { 'a.txt': 'two' });
    const [first, second] = made.committed.map(({ records }) => records[0]);
    expect(second).toMatchObject({ operation: 'update', node: first?.node, path: 'a.txt' });
    expect((await download(made, 'a.txt')).toString()).toBe('two');
  });

  it('the same bytes again succeed, without a new version', async () => {
    const made = await registered();
    await uploadAll(made.app, { 'a.txt': 'one' });
    await made.clock.advance(5000);
    const answer = await upload(made.app, { path: 'a.txt', bytes: 'one' });
    expect(answer.json().file_info.modified_time).toBe(new Date(START).toISOString());
    expect(made.committed).toHaveLength(1);
  });

  it('an empty file, and fields that come after the file', async () => {
    const made = await registered();
    const fields = uploadParts({ path: 'empty', bytes: '' });
    expect((await post(made, fields.toReversed())).statusCode).toBe(200);
    expect(await download(made, 'empty')).toHaveLength(0);
  });

  it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000, 3 * MIB])(
    '%i bytes come back as they were',
    async (size) => {
      const made = await registered();
      const bytes = bytesOf(size);
      expect((await upload(made.app, { path: 'b', bytes })).statusCode).toBe(200);
      expect((await download(made, 'b')).equals(bytes)).toBe(true);
    },
  );

  it('two at once for one path: both succeed, the later is what is there', async () => {
    const made = await registered();
    const names = ['one', 'two', 'three', 'four'];
    const answers = await Promise.all(
      names.map((bytes) => upload(made.app, { path: 'new/deep/a.txt', bytes })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    const records = made.committed.flatMap((one) => one.records);
    const created = records.filter(({ operation }) => operation === 'create');
    expect(created.map(({ path }) => path)).toEqual(['new', 'new/deep', 'new/deep/a.txt']);
    const last = records.at(-1)?.after;
    expect(last?.kind === 'file' && last.checksum).toBe(
      hashOf(await download(made, 'new/deep/a.txt')),
    );
  });

  it.each([
    'ünï/cødé 日本語.txt',
    '👩‍👩‍👧.bin',
    'a b+c&d=e%41;f,g.txt',
    "it's (1) [x] {y}!.txt",
    '-rf',
    'CON',
    ' leading and trailing ',
    `${'n'.repeat(251)}.txt`,
  ])('takes the name %j as it is', async (path) => {
    const made = await registered();
    expect((await upload(made.app, { path, bytes: path })).statusCode).toBe(200);
    const url = path.split('/').map(encodeURIComponent).join('/');
    expect((await download(made, url)).toString()).toBe(path);
  });
});

describe('compression', () => {
  const text = Buffer.from('the same line again\n'.repeat(20_000));
  const packed = { gzip: gzipSync(text), zlib: deflateSync(text) };
  const size: FormPart = ['original_size', String(text.length)];

  it.each(['gzip', 'zlib'] as const)('%s, told before the file or after', async (type) => {
    const told: FormPart = ['compression_type', type];
    for (const order of ['before', 'after']) {
      const made = await registered();
      const bytes = packed[type];
      const parts = uploadParts({ path: 'a', bytes, more: [told, size] });
      const answer = await post(made, order === 'before' ? parts : parts.toReversed());
      const stored = answer.json().file_info;
      expect([answer.statusCode, stored.checksum]).toEqual([200, hashOf(text)]);
      expect((await download(made, 'a')).equals(text)).toBe(true);
    }
  });

  it('told after the file, it is inflated even where that was stored in many chunks', async () => {
    const made = await registered();
    const bytes = bytesOf(2 * MIB);
    const parts = uploadParts({
      path: 'a',
      bytes: gzipSync(bytes),
      more: [['compression_type', 'gzip']],
    });
    expect((await post(made, parts.toReversed())).json().file_info.checksum).toBe(hashOf(bytes));
  });

  it('none is as it is', async () => {
    const made = await registered();
    const more: FormPart[] = [
      ['compression_type', 'none'],
      ['original_size', '3'],
    ];
    await upload(made.app, { path: 'a', bytes: 'abc', more });
    expect((await download(made, 'a')).toString()).toBe('abc');
  });

  it('[F13] a bomb is stopped at the limit, whether told or not', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB));
    const told: FormPart = ['compression_type', 'gzip'];
    for (const more of [[told], [told, ['original_size', '10'] as const]]) {
      const made = await registered({ maxFileSize: MIB });
      const parts = uploadParts({ path: 'a', bytes: bomb, more });
      for (const order of [parts, parts.toReversed()]) {
        const answer = await post(made, order);
        expect([answer.statusCode, answer.json().error_code]).toEqual([413, 'file_too_large']);
      }
      expect((await made.metadata.counts('default')).files).toBe(0);
      expect((await made.metadata.counts('default')).storedBytes).toBeLessThan(2 * MIB);
    }
  });

  it.each([
    ['no gzip at all', [['compression_type', 'gzip']], 'plain text', 'bad_request'],
    ['zlib told as gzip', [['compression_type', 'gzip']], packed.zlib, 'bad_request'],
    ['cut short', [['compression_type', 'gzip']], packed.gzip.subarray(0, -9), 'bad_request'],
    ['a type nobody knows', [['compression_type', 'brotli']], 'x', 'bad_request'],
    [
      'another size',
      [
        ['compression_type', 'gzip'],
        ['original_size', '9'],
      ],
      packed.gzip,
      'checksum_mismatch',
    ],
    ['another size, uncompressed', [['original_size', '9']], 'x', 'checksum_mismatch'],
    ['a size that is none', [['original_size', '-1']], 'x', 'bad_request'],
    ['a size that is no number', [['original_size', '1e3']], 'x', 'bad_request'],
    ['a size above the limit', [['original_size', '1000000000']], 'x', 'file_too_large'],
  ] as [string, FormPart[], Buffer | string, string][])(
    '%s is refused',
    async (...[, more, bytes, code]) => {
      const made = await registered();
      const parts = uploadParts({ path: 'a', bytes, more });
      for (const order of [parts, parts.toReversed()]) {
        expect((await post(made, order)).json().error_code).toBe(code);
      }
      expect(made.committed).toEqual([]);
    },
  );
});

describe('is refused', () => {
  it.each([
    ['', 'bad_name'],
    ['.', 'bad_name'],
    ['..', 'bad_name'],
    ['../etc/passwd', 'bad_name'],
    ['a/../../b', 'bad_name'],
    ['/etc/passwd', 'bad_name'],
    ['a//b', 'bad_name'],
    ['a/', 'bad_name'],
    ['a\\b', 'bad_name'],
    ['C:', 'bad_name'],
    ['C:\\x', 'bad_name'],
    ['a\u0000b', 'bad_name'],
    ['a\nb', 'bad_name'],
    ['e\u0301.txt', 'bad_name'],
    ['.syncer/state', 'bad_name'],
    ['x'.repeat(256), 'bad_name'],
    ['ü'.repeat(128), 'bad_name'],
    [`${'d/'.repeat(1000)}x`, 'bad_name'],
    ['x/'.repeat(3000), 'bad_name'],
  ])('[F01] [F03] the path %j', async (path, code) => {
    const made = await registered();
    const parts = uploadParts({ path, bytes: 'x' });
    for (const order of [parts, parts.toReversed()]) {
      const answer = await post(made, order);
      expect([answer.statusCode, answer.json().error_code]).toEqual([400, code]);
    }
    expect(made.committed).toEqual([]);
  });

  it('[F03] full-width dots stay what they are', async () => {
    const made = await registered();
    expect((await upload(made.app, { path: '．．／x', bytes: 'x' })).statusCode).toBe(200);
  });

  it('a client that did not register', async () => {
    const made = await registered();
    const parts = uploadParts({ path: 'a', bytes: 'x', clientId: 'eve' });
    for (const order of [parts, parts.toReversed()]) {
      const answer = await post(made, order);
      expect([answer.statusCode, answer.json().error_code]).toEqual([403, 'not_registered']);
    }
  });

  it('a form with something missing, twice or of the wrong kind', async () => {
    const made = await registered();
    const [path, client, file] = uploadParts({ path: 'a', bytes: 'x' }) as [
      FormPart,
      FormPart,
      FormPart,
    ];
    const codes = async (...parts: FormPart[]) => {
      const answer = await post(made, parts);
      return [answer.statusCode, answer.json().error_code];
    };
    expect(await codes(path, client)).toEqual([400, 'bad_request']);
    expect(await codes(path, file)).toEqual([400, 'bad_request']);
    expect(await codes(client, file)).toEqual([400, 'bad_request']);
    expect(await codes(path, path, client, file)).toEqual([400, 'bad_request']);
    expect(await codes(path, client, file, file)).toEqual([413, 'request_too_large']);
    expect(await codes(path, client, ['other', file[1]])).toEqual([400, 'bad_request']);
    expect(await codes(path, client, ['file', 'text'])).toEqual([400, 'bad_request']);
    expect(await codes(['relative_path', 'x'.repeat(40_000)], client, file)).toEqual([
      400,
      'bad_request',
    ]);
    const ignored: FormPart = ['checksum', 'whatever'];
    expect((await post(made, [ignored, path, client, file])).statusCode).toBe(200);
  });

  it('what is no form, or breaks off', async () => {
    const made = await registered();
    const inject = async (headers: Record<string, string>, payload: Buffer | string) => {
      const answer = await made.app.inject({ method: 'POST', url: '/upload', headers, payload });
      return [answer.statusCode, answer.json().error_code];
    };
    const whole = form(uploadParts({ path: 'a', bytes: 'x'.repeat(1000) })).payload;
    expect(await inject(FORM_HEADERS, whole.subarray(0, -300))).toEqual([400, 'bad_request']);
    expect(await inject(FORM_HEADERS, 'nonsense')).toEqual([400, 'bad_request']);
    expect(await inject(FORM_HEADERS, '')).toEqual([400, 'bad_request']);
    expect(await inject({ 'content-type': 'multipart/form-data' }, 'x')).toEqual([
      400,
      'bad_request',
    ]);
    const json = { 'content-type': 'application/json' };
    expect(await inject(json, '{}')).toEqual([415, 'unsupported_media_type']);
    expect(made.committed).toEqual([]);
  });

  it('a file that is larger than the server allows, also where nobody said so before', async () => {
    const made = await registered({ maxFileSize: 100_000 });
    const codes = async (size: number) =>
      (await upload(made.app, { path: `f${size}`, bytes: bytesOf(size) })).statusCode;
    expect(await codes(100_000)).toBe(200);
    expect(await codes(100_001)).toBe(413);
    expect(await codes(5 * MIB)).toBe(413);
    expect((await made.metadata.counts('default')).files).toBe(1);
  });

  it('an extension that is not among the allowed', async () => {
    const made = await registered({ allowedExtensions: ['.txt', '.tar.gz'] });
    const codes = async (path: string) => {
      const answer = await upload(made.app, { path, bytes: path });
      return answer.statusCode === 200 ? 'stored' : answer.json().error_code;
    };
    expect(await codes('docs.d/a.TXT')).toBe('stored');
    expect(await codes('b.tar.gz')).toBe('stored');
    expect(await codes('c.exe')).toBe('extension_not_allowed');
    expect(await codes('txt')).toBe('extension_not_allowed');
  });

  it('a path that leads through a file, or to a directory', async () => {
    const made = await registered();
    await uploadAll(made.app, { 'dir/file': 'x' });
    for (const path of ['dir', 'dir/file/below', 'dir/file/far/below']) {
      const answer = await upload(made.app, { path, bytes: 'y' });
      expect([path, answer.statusCode, answer.json().error_code]).toEqual([path, 409, 'conflict']);
    }
  });

  it('a full disk is told as such, and the file that was there stays', async () => {
    const made = await registered();
    await uploadAll(made.app, { a: 'old' });
    made.objects.capacity = 0;
    for (const bytes of ['small', bytesOf(200_000)]) {
      const answer = await upload(made.app, { path: 'a', bytes });
      expect([answer.statusCode, answer.json().error_code]).toEqual([507, 'disk_full']);
    }
    expect((await download(made, 'a')).toString()).toBe('old');
  });
});
