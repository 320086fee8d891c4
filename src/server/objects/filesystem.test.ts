import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectStoreContract } from './contract.ts';
import { filesystemObjects } from './filesystem.ts';

for (const hardLinks of [true, false]) {
  objectStoreContract(`file system, hard links: ${hardLinks}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'syncer-'));
    const objects = await filesystemObjects(join(directory, 'made', 'anew'), { hardLinks });
    return { objects, close: () => rm(directory, { recursive: true, force: true }) };
  });
}

describe('file system objects', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncer-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('are there after the directory is opened again, and only their owner reads them', async () => {
    const objects = await filesystemObjects(directory);
    await objects.put('a', Buffer.from('kept'));
    const again = await filesystemObjects(directory);
    expect(Buffer.from(await again.get('a')).toString()).toBe('kept');
    const { mode } = await stat(await fileOf(directory, 'a'));
    expect(mode & 0o077).toBe(0);
  });

  it.each([true, false])('leave no temporary file, hard links: %s', async (hardLinks) => {
    const objects = await filesystemObjects(directory, { hardLinks });
    await objects.put('a', randomBytes(1000));
    await objects.put('a', randomBytes(1000));
    await expect(objects.put('b', breaking())).rejects.toThrow('broken');
    expect(await filesIn(directory)).toEqual(['a']);
  });

  it('are unavailable, and not absent, while the disk that they are on is not there', async () => {
    const objects = await filesystemObjects(join(directory, 'disk'));
    await objects.put('a', Buffer.from('kept'));
    await rename(join(directory, 'disk'), join(directory, 'elsewhere'));
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    await mkdir(join(directory, 'disk'));
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    await rm(join(directory, 'disk'), { recursive: true });
    await rename(join(directory, 'elsewhere'), join(directory, 'disk'));
    expect(Buffer.from(await objects.get('a')).toString()).toBe('kept');
  });

  it('only read, nothing of another process is removed, and nothing is written', async () => {
    await expect(
      filesystemObjects(join(directory, 'none'), { isReadOnly: true }),
    ).resolves.toBeDefined();
    expect(await readdir(directory)).toEqual([]);
    const objects = await filesystemObjects(directory);
    await objects.put('a', Buffer.from('kept'));
    await writeFile(join(directory, 'incoming', '999999999-of-somebody-1'), 'under way');
    const reader = await filesystemObjects(directory, { isReadOnly: true });
    expect(Buffer.from(await reader.get('a')).toString()).toBe('kept');
    expect(await readdir(join(directory, 'incoming'))).toHaveLength(1);
    await expect(reader.put('b', Buffer.alloc(1))).rejects.toThrow('only read');
    await expect(reader.delete('a')).rejects.toThrow('only read');
    expect(await filesIn(directory)).toContain('a');
  });

  it('spread over many directories, whatever their names begin with', async () => {
    const objects = await filesystemObjects(directory);
    const names = Array.from({ length: 60 }, (_, n) => `01-same-beginning-${n}`);
    for (const name of names) await objects.put(name, Buffer.alloc(1));
    const homes = new Set(await Promise.all(names.map((name) => fileOf(directory, name, true))));
    expect(homes.size).toBeGreaterThan(30);
  });

  it('[D13] are absent beyond what a power loss left of them, never shorter', async () => {
    const objects = await filesystemObjects(directory);
    await objects.put('a', randomBytes(1000));
    await truncate(await fileOf(directory, 'a'), 500);
    expect(await objects.get('a', { offset: 100, length: 400 })).toHaveLength(400);
    const beyond = objects.get('a', { offset: 100, length: 401 });
    await expect(beyond).rejects.toMatchObject({ code: 'absent' });
    await truncate(await fileOf(directory, 'a'), 0);
    const any = objects.get('a', { offset: 0, length: 1 });
    await expect(any).rejects.toMatchObject({ code: 'absent' });
  });

  it('lose what a crash left half written when the directory is opened again', async () => {
    const incoming = join(directory, 'incoming');
    await filesystemObjects(directory);
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const leftovers = [`${process.pid}-earlierlife-1`, `${ended}-life-7`, 'whatever'];
    for (const name of leftovers) await writeFile(join(incoming, name), 'half');
    const beside = `${process.ppid}-life-1`;
    await writeFile(join(incoming, beside), 'of another process that lives');
    await filesystemObjects(directory);
    expect(await readdir(incoming)).toEqual([beside]);
  });

  it('bear being opened beside a put that is under way', async () => {
    const objects = await filesystemObjects(directory);
    async function* opening() {
      yield Buffer.from('half');
      await filesystemObjects(directory);
      yield Buffer.from(' and half');
    }
    await objects.put('a', opening());
    expect(Buffer.from(await objects.get('a')).toString()).toBe('half and half');
  });

  it('do not list what is no object', async () => {
    const objects = await filesystemObjects(directory);
    await objects.put('a', Buffer.from('1'));
    const shelf = await fileOf(directory, 'a', true);
    await writeFile(join(shelf, 'Not.An.Object'), '');
    await mkdir(join(shelf, 'directory'));
    const names: string[] = [];
    for await (const { name } of objects.list()) names.push(name);
    expect(names).toEqual(['a']);
  });

  it('are unavailable, not absent, when the disk refuses', async () => {
    const objects = await filesystemObjects(directory);
    await rm(join(directory, 'incoming'), { recursive: true });
    await expect(objects.put('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
    await writeFile(join(directory, 'file'), '');
    const opened = filesystemObjects(join(directory, 'file'));
    await expect(opened).rejects.toMatchObject({ name: 'ObjectFailure', code: 'unavailable' });
  });

  it('tell no path of the server in a failure’s message', async () => {
    const objects = await filesystemObjects(directory);
    await rm(join(directory, 'incoming'), { recursive: true });
    const error: unknown = await objects.put('a', Buffer.from('x')).catch((reason) => reason);
    expect(String(error)).not.toContain(directory);
    await expect(objects.get('a')).rejects.not.toThrow(directory);
  });
});

/**
 * A child fills the store until the system itself refuses, puts a small object where there was no
 * space for a large one, and tells what happened. It runs in a shell line that limits it.
 */
describe('[D08] a full disk', () => {
  const child = `
    const { filesystemObjects } = await import(process.argv[1]);
    const directory = process.argv[2];
    const { readdir } = await import('node:fs/promises');
    const objects = await filesystemObjects(directory);
    await objects.put('small', Buffer.alloc(1000, 1));
    const refused = [];
    for (let n = 0; n < 3; n += 1) {
      const put = objects.put('large-' + n, Buffer.alloc(2_000_000, 2));
      await put.catch((error) => refused.push(error.code));
    }
    const left = (await readdir(directory + '/incoming')).length;
    await objects.put('after', Buffer.alloc(1000, 3));
    const names = [];
    for await (const { name, size } of objects.list()) names.push(name + ' ' + size);
    const read = (await objects.get('small')).every((byte) => byte === 1);
    console.log(JSON.stringify({ refused, left, names, read }));`;
  const expected = {
    refused: ['full', 'full', 'full'],
    left: 0,
    names: ['after 1000', 'small 1000'],
    read: true,
  };

  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncer-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function runUnder(limit: string, within: string[] = []): Promise<unknown> {
    const here = new URL('./filesystem.ts', import.meta.url).href;
    const line = `${limit} && exec "$NODE" --input-type=module -e "$CHILD" "$HERE" "$DIRECTORY"`;
    const env = { ...process.env, NODE: process.execPath, CHILD: child, HERE: here };
    const [command = 'sh', ...rest] = [...within, 'sh', '-c', line];
    const { stdout } = await promisify(execFile)(command, rest, {
      env: { ...env, DIRECTORY: directory, NODE_OPTIONS: '' },
      timeout: 30_000,
    });
    return JSON.parse(stdout);
  }

  it('throws full and leaves nothing, when the largest file is limited', async () => {
    expect(await runUnder('ulimit -f 1000')).toEqual(expected);
  });

  // A disk of 1 MiB, in a name space that ends with the child; where the system lets nobody make
  // one, the limit above stands for it.
  const inside = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /tmp'];
  if (spawnSync('unshare', inside).status === 0) {
    it('throws full and leaves nothing, on a disk of 1 MiB', async () => {
      const mount = 'mount -t tmpfs -o size=1m tmpfs "$DIRECTORY"';
      expect(await runUnder(mount, ['unshare', '-rm'])).toEqual(expected);
    });
  }
});

async function filesIn(directory: string): Promise<string[]> {
  const all = await readdir(directory, { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => one.name);
}

/** Where an object lies, or (`home`) the directory it lies in. */
async function fileOf(directory: string, name: string, home = false): Promise<string> {
  const all = await readdir(directory, { recursive: true, withFileTypes: true });
  const found = all.find((one) => one.isFile() && one.name === name);
  if (!found) throw new Error(`${name} is not there`);
  return home ? found.parentPath : join(found.parentPath, name);
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('broken');
}
