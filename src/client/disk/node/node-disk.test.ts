import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, DiskError, type DiskProblem } from '../../ports.ts';
import { nodeDisk } from '../node.ts';
import { DAY, lookAt, META, OLD, problemOf, put, putOver, readAll, staged } from '../world.ts';
import { Unsynced } from './unsynced.ts';

let above = '';
let root = '';
let disk: Disk;

beforeEach(async () => {
  above = mkdtempSync(join(tmpdir(), 'syncer-'));
  root = join(above, 'root');
  disk = nodeDisk({ root, now: Date.now });
  await disk.bind('instance');
});
afterEach(() => rmSync(above, { recursive: true }));

const openFiles = (): number =>
  process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;

const listed = async (path: string[] = []) =>
  new Map((await disk.list(path)).map(({ name, problem }) => [name, problem]));

describe('a step that was cut off', () => {
  it('[D01] [S13] what was put back already, and is lifted still, is one thing and stays where it is', async () => {
    await put(disk, ['f'], 'F');
    await disk.lift(['f'], 'node', await lookAt(disk, ['f']));
    const [lifted = ''] = readdirSync(join(root, '.syncer', 'lifted'));
    linkSync(join(root, '.syncer', 'lifted', lifted), join(root, 'f'));
    expect(await disk.lower('node', ['f'])).toMatchObject({ kind: 'file', size: 1 });
    expect(await disk.lifted()).toEqual([]);
    expect(readFileSync(join(root, 'f'), 'utf8')).toBe('F');
  });
});

describe('names on the disk', () => {
  it('[C21] a name that is not text is told of, and its neighbours are read', async () => {
    const bad = Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff, 0x80])]);
    writeFileSync(bad, 'x');
    await put(disk, ['good'], 'x');
    expect(await listed()).toEqual(
      new Map<string, DiskProblem | undefined>([
        ['b\ufffd\ufffd', 'unsupported'],
        ['good', undefined],
      ]),
    );
  });

  const [composed, decomposed] = ['é', 'e\u0301'];

  it('[C15] a decomposed name is listed composed, and found by that', async () => {
    mkdirSync(join(root, decomposed));
    writeFileSync(join(root, decomposed, `${decomposed}.txt`), 'abc');
    // A disk that has not listed anything yet finds it too.
    for (const turn of [disk, nodeDisk({ root, now: Date.now })]) {
      expect((await readAll(turn, [composed, `${composed}.txt`])).text).toBe('abc');
      expect([...(await listed()).keys()]).toEqual([composed]);
    }
    const path = [composed, `${composed}.txt`];
    expect(await problemOf(put(disk, path, 'twin'))).toBe('exists');
    await putOver(disk, path, { content: 'new', expected: await lookAt(disk, path) });
    expect(readdirSync(join(root, decomposed))).toEqual([`${decomposed}.txt`]);
    await disk.trash(path, await lookAt(disk, path));
    await disk.removeDirectory([composed]);
    expect(await disk.list([])).toEqual([]);
  });

  it('[C15] of twins the composed one is meant', async () => {
    writeFileSync(join(root, decomposed), 'decomposed');
    writeFileSync(join(root, composed), 'composed');
    expect(await listed()).toEqual(
      new Map<string, DiskProblem | undefined>([
        [composed, undefined],
        [decomposed, 'unsupported'],
      ]),
    );
    expect((await readAll(disk, [composed])).text).toBe('composed');
  });

  it('[C15] a name that was decomposed after the last listing is learnt by the next', async () => {
    expect(await disk.look([composed])).toBeUndefined();
    writeFileSync(join(root, decomposed), 'abc');
    await disk.list([]);
    expect(await disk.look([composed])).toMatchObject({ size: 3 });
  });

  it('[C31] goes deeper than a path can be long', async () => {
    const path: string[] = [];
    for (let depth = 0; depth < 30; depth += 1) {
      path.push('d'.repeat(200));
      await disk.makeDirectory(path);
    }
    await put(disk, [...path, 'file'], 'deep');
    expect(await disk.list(path)).toHaveLength(1);
    await disk.trash([...path, 'file'], await lookAt(disk, [...path, 'file']));
    expect(await disk.list(path)).toEqual([]);
  });
});

it('[C11] a time that is further away than times go, where the disk can hold it', async () => {
  await put(disk, ['odd'], 'x');
  const instead = join(root, 'odd');
  utimesSync(instead, 0, 2 ** 44); // In seconds; some file systems cut it down by themselves.
  const look = await lookAt(disk, ['odd']);
  expect(Math.abs(look.mtime)).toBeLessThanOrEqual(8.64e15);
  await disk.touch(['odd'], { mtime: 8.64e15, executable: true }, look);
  expect(await lookAt(disk, ['odd'])).toMatchObject({ executable: true });
});

describe('what lies where', () => {
  it('[D01] a replacement that fails half way leaves what was there', async () => {
    for (const hardLinks of [true, false]) {
      const one = nodeDisk({ root, now: Date.now, system: { hardLinks } });
      const path = [`${hardLinks}`];
      const expected = await one.makeSymlink(path, 'old', undefined);
      const file = await staged(one, 'new');
      for (const name of readdirSync(join(root, '.syncer/staging'))) {
        rmSync(join(root, '.syncer/staging', name));
      }
      expect(await problemOf(one.place(file, path, expected))).toBe('absent');
      expect(await one.look(path)).toMatchObject({ target: 'old' });
      await file.discard();
    }
    expect(readdirSync(join(root, '.syncer/trash')).flatMap(filesOf)).toEqual([]);
  });

  const filesOf = (day: string): string[] => readdirSync(join(root, '.syncer/trash', day));

  it('our own directory is nobody else’s', async () => {
    await put(disk, ['a'], 'x');
    await disk.trash(['a'], await lookAt(disk, ['a']));
    for (const path of ['.syncer', '.syncer/staging', '.syncer/trash']) {
      expect(lstatSync(join(root, path)).mode & 0o777).toBe(0o700);
    }
  });

  it('what replaces a private file is private', async () => {
    const look = await put(disk, ['a'], 'x');
    chmodSync(join(root, 'a'), 0o600);
    const expected = await lookAt(disk, ['a']);
    expect(await problemOf(putOver(disk, ['a'], { content: 'y', expected: look }))).toBe('changed');
    const file = await staged(disk, 'y', { mtime: OLD, executable: true });
    expect(await disk.place(file, ['a'], expected)).toMatchObject({ executable: true });
    expect(lstatSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  });

  it('a marker that says nothing binds nothing', async () => {
    writeFileSync(join(root, '.syncer/marker.json'), '{"inst');
    expect(await disk.root()).toEqual({ state: 'unbound' });
    writeFileSync(join(root, '.syncer/marker.json'), '[]');
    expect(await disk.root()).toEqual({ state: 'unbound' });
  });

  it('[C24] our own directory is not followed elsewhere', async () => {
    const elsewhere = join(above, 'elsewhere');
    mkdirSync(elsewhere);
    rmSync(join(root, '.syncer'), { recursive: true });
    symlinkSync(elsewhere, join(root, '.syncer'));
    for (const step of [disk.stage(), disk.root(), disk.bind('x'), disk.makeDirectory(['d'])]) {
      expect(await problemOf(step)).toBe('outside');
    }
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('a file where the directory should be', async () => {
    const file = nodeDisk({ root: join(root, 'file'), now: Date.now });
    writeFileSync(join(root, 'file'), '');
    expect(await file.root()).toEqual({ state: 'absent' });
    expect(await problemOf(file.bind('x'))).toBe('exists');
  });

  it('the largest trash goes oldest first', async () => {
    for (const name of ['a', 'b']) {
      await disk.makeDirectory([name]);
      await put(disk, [name, 'file'], name);
      // It has that size, and takes no room.
      truncateSync(join(root, name, 'file'), 9 * 1024 ** 3);
      await disk.trash([name, 'file'], await lookAt(disk, [name, 'file']));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await disk.tidy(Date.now());
    const [day = ''] = readdirSync(join(root, '.syncer/trash'));
    expect(readdirSync(join(root, '.syncer/trash', day))).toEqual(['b']);
    await disk.tidy(Date.now() + 31 * DAY);
    expect(readdirSync(join(root, '.syncer/trash'))).toEqual([]);
  });

  it('[B13] another device shows in the inode', async () => {
    const system = nodeDisk({ root: '/', now: Date.now });
    expect((await lookAt(system, ['dev'])).inode).toContain(':');
    expect((await lookAt(system, [])).inode).not.toContain(':');
  });
});

// In a name space that ends with the child; where the system lets nobody make one, the disk in memory stands for it.
if (spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /tmp']).status === 0) {
  it('[B13] on what is mounted in it, nothing is put or replaced, and what is there is read', async () => {
    const script = `
      import { execFileSync } from 'node:child_process';
      import { mkdirSync, writeFileSync } from 'node:fs';
      const root = ${JSON.stringify(root)};
      mkdirSync(root + '/m');
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', root + '/m']);
      writeFileSync(root + '/m/f', 'F');
      const { nodeDisk } = await import(${JSON.stringify(new URL('../node.ts', import.meta.url).href)});
      const { lookAt, problemOf, put, readAll } = await import(${JSON.stringify(new URL('../world.ts', import.meta.url).href)});
      const disk = nodeDisk({ root, now: Date.now });
      const f = await lookAt(disk, ['m', 'f']);
      console.log(JSON.stringify([
        f.inode.includes(':'), (await readAll(disk, ['m', 'f'])).text,
        await problemOf(put(disk, ['m', 'new'], 'x')), await problemOf(disk.trash(['m', 'f'], f)),
        await problemOf(disk.move(['m', 'f'], ['f'], f)), await problemOf(disk.makeDirectory(['m', 'd'])),
        (await disk.list(['m'])).map(({ name }) => name).sort(),
      ]));`;
    const args = ['-rm', process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 30_000 });
    const refused = ['unsupported', 'unsupported', 'unsupported'];
    expect(JSON.parse(stdout || stderr)).toEqual([true, 'F', ...refused, 'none', ['d', 'f']]);
  });
}

describe('[C25] a directory that becomes a symlink while we write', () => {
  it('leads nobody out', async () => {
    const outside = join(above, 'outside');
    mkdirSync(outside);
    const swap = `
      const { renameSync, symlinkSync, unlinkSync, mkdirSync } = require('node:fs');
      mkdirSync('d');
      console.log('ready');
      for (;;) {
        renameSync('d', 'aside');
        symlinkSync(${JSON.stringify(outside)}, 'd');
        unlinkSync('d');
        renameSync('aside', 'd');
      }`;
    const child = spawn(process.execPath, ['-e', swap], { cwd: root });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    const met = new Set<string>();
    for (let n = 0; n < 300; n += 1) {
      const file = await staged(disk, 'x');
      met.add(await problemOf(disk.place(file, ['d', `${n}`], undefined)));
      await file.discard();
    }
    child.kill('SIGKILL');
    await exited;
    expect(readdirSync(outside)).toEqual([]);
    for (const problem of met)
      expect(['none', 'absent', 'outside', 'unreadable']).toContain(problem);
  });
});

describe('[D09] durability', () => {
  it('who failed to be durable once is not durable later', async () => {
    let fails = true;
    const unsynced = new Unsynced(root, async (_, fds) => {
      const reason = Object.assign(new Error('EIO'), { code: 'EIO' });
      return fds.map(() => (fails ? { status: 'rejected', reason } : done));
    });
    const done = { status: 'fulfilled', value: undefined } as const;
    unsynced.add(root);
    await expect(unsynced.sync()).rejects.toThrow('EIO');
    fails = false;
    await expect(unsynced.sync()).rejects.toThrow('EIO');
  });

  it('hundreds of files and directories at once', async () => {
    await disk.syncAll(); // What asks the file system stays for a while.
    const before = openFiles();
    const names = Array.from({ length: 600 }, (_, n) => `${n}`);
    await Promise.all(names.map((name) => disk.makeDirectory([name])));
    await Promise.all(names.map((name) => put(disk, [name, 'file'], name)));
    await disk.sync();
    expect(readFileSync(join(root, '599/file'), 'utf8')).toBe('599');
    expect(openFiles()).toBe(before);
  });
});

describe('[B11] [B12] [C29] what we have no right to', () => {
  it('is denied, and proves nothing', async () => {
    mkdirSync(join(root, 'closed/inner'), { recursive: true });
    writeFileSync(join(root, 'closed/file'), '');
    writeFileSync(join(root, 'secret'), 'x');
    mkdirSync(join(root, 'fixed'));
    writeFileSync(join(root, 'fixed/file'), '');
    const asked = await asNobody(`
      const secret = await disk.look(['secret']);
      const fixed = await disk.look(['fixed', 'file']);
      return [
        await problemOf(disk.list(['closed'])), await problemOf(disk.look(['closed', 'none'])),
        await problemOf(readAll(disk, ['secret'])), (await disk.list([])).length,
        await problemOf(put(disk, ['closed', 'new'], 'x')), await problemOf(put(disk, ['fixed', 'new'], 'x')),
        await problemOf(disk.trash(['fixed', 'file'], fixed)), await problemOf(put(disk, ['new'], 'x')),
        await problemOf(disk.trash(['secret'], secret)),
      ];`);
    expect(asked).toEqual([
      'denied',
      'denied',
      'denied',
      3,
      'denied',
      'denied',
      'denied',
      'none',
      'none',
    ]);
  });
});

/** Runs the lines in another process that is not root and owns the directory, but for closed things. */
async function asNobody(lines: string): Promise<unknown> {
  const isRoot = process.getuid?.() === 0;
  const script = `
    import { chmodSync, chownSync, readdirSync } from 'node:fs';
    const root = ${JSON.stringify(root)};
    chmodSync(root + '/closed', 0); chmodSync(root + '/secret', 0); chmodSync(root + '/fixed', 0o500);
    if (${isRoot}) {
      const own = (path) => chownSync(path, 65534, 65534);
      for (const name of readdirSync(root)) own(root + '/' + name);
      for (const name of readdirSync(root + '/.syncer')) own(root + '/.syncer/' + name);
      own(root + '/fixed/file'); own(root); own(${JSON.stringify(above)});
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
    }
    const { nodeDisk } = await import(${JSON.stringify(new URL('../node.ts', import.meta.url).href)});
    const { problemOf, put, readAll } = await import(${JSON.stringify(new URL('../world.ts', import.meta.url).href)});
    const disk = nodeDisk({ root, now: Date.now });
    const run = async () => {${lines}};
    console.log(JSON.stringify(await run()));
    chmodSync(root + '/closed', 0o700);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  await once(child, 'close');
  if (out === '') throw new Error(err);
  return JSON.parse(out);
}

it('a problem keeps its cause and names its path', async () => {
  const error = await disk.makeDirectory(['none', 'd']).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiskError);
  expect(error).toMatchObject({ path: ['none', 'd'], cause: { code: 'ENOENT' } });
  await expect(disk.place(await staged(disk, '', META), ['none', 'f'], undefined)).rejects.toThrow(
    'none/f: absent',
  );
});
