import {
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Heap, turns, until, watcherContract } from './contract.ts';
import { nodeWatcher } from './node.ts';
import type { NodeWatcher, NodeWatcherOptions } from './options.ts';

let serial = 0;
for (const recursive of [false, true]) {
  watcherContract(recursive ? 'node, recursive' : 'node', async () => {
    const root = await mkdtemp(join(tmpdir(), 'syncer-'));
    await mkdir(join(root, 'd'));
    return {
      watcher: nodeWatcher({ root, recursive }),
      happen: (directory) => writeFile(join(root, ...directory, `f${serial++}`), 'x'),
      remove: () => rm(root, { recursive: true }),
    };
  });
}

describe('a directory of this machine', () => {
  let root: string;
  let dirt: Heap;
  let watcher: NodeWatcher;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'syncer-'));
    dirt = new Heap();
  });
  afterEach(async () => {
    await watcher.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const at = (path: string): string => join(root, ...path.split('/'));
  const run = async (options: Partial<NodeWatcherOptions> = {}): Promise<void> => {
    watcher = nodeWatcher({ root, retry: 20, ...options });
    await watcher.run(dirt.add);
  };
  /** Everything settles, and what was told so far is forgotten. */
  const calm = async (): Promise<void> => {
    await turns(20);
    dirt.clear();
  };
  const edited = async (path: string): Promise<void> => {
    await calm();
    writeFileSync(at(`${path}/edited`), `${serial++}`);
    await dirt.covers(path.split('/'));
  };

  it('tells of files made, edited, renamed and deleted', async () => {
    mkdirSync(at('a/b'), { recursive: true });
    await run();
    for (const step of [
      () => writeFileSync(at('a/b/f'), '1'),
      () => writeFileSync(at('a/b/f'), '22'),
      () => renameSync(at('a/b/f'), at('a/b/g')),
      () => rmSync(at('a/b/g')),
    ]) {
      await calm();
      step();
      await dirt.covers(['a', 'b']);
      expect(dirt.all.every((one) => one.type === 'directory' && one.path.length === 2)).toBe(true);
    }
  });

  it('tells both directories of a rename', async () => {
    mkdirSync(at('a'));
    mkdirSync(at('b'));
    writeFileSync(at('a/f'), '1');
    await run();
    renameSync(at('a/f'), at('b/f'));
    await dirt.covers(['a']);
    await dirt.covers(['b']);
  });

  it('tells a directory once a turn, and nothing of what was there before', async () => {
    mkdirSync(at('a'));
    await run();
    expect(dirt.all).toEqual([]);
    for (let count = 0; count < 100; count++) writeFileSync(at(`a/${count}`), '1');
    await dirt.covers(['a']);
    expect(dirt.all).toEqual([{ type: 'directory', path: ['a'] }]);
  });

  it('[C35] finds what comes into new directories, however fast, 200 times', async () => {
    await run();
    for (let round = 0; round < 200; round++) {
      const deep = `${round}/b/c/d/e`;
      mkdirSync(at(deep), { recursive: true });
      writeFileSync(at(`${deep}/f`), '1');
      await dirt.covers(deep.split('/'));
      dirt.clear();
      writeFileSync(at(`${deep}/f`), '22');
      await dirt.covers(deep.split('/'));
    }
  });

  it('follows a directory that moves, with all below it', async () => {
    mkdirSync(at('a/x/y'), { recursive: true });
    mkdirSync(at('b'));
    await run();
    renameSync(at('a/x'), at('b/z'));
    await dirt.covers(['b', 'z', 'y']);
    await edited('b/z/y');
    expect(dirt.has(['a', 'x', 'y'])).toBe(false);
    renameSync(at('b'), at('c'));
    await edited('c/z/y');
    renameSync(at('c/z/y'), at('y'));
    await edited('y');
  });

  it('follows directories that swap their names', async () => {
    mkdirSync(at('a/only-a'), { recursive: true });
    mkdirSync(at('b/only-b'), { recursive: true });
    await run();
    renameSync(at('a'), at('t'));
    renameSync(at('b'), at('a'));
    renameSync(at('t'), at('b'));
    await edited('a/only-b');
    await edited('b/only-a');
    expect(dirt.has(['a', 'only-a'])).toBe(false);
  });

  it('watches a tree that is moved in, and forgets one that is moved out', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'syncer-'));
    mkdirSync(join(outside, 'x', 'y'), { recursive: true });
    await run();
    renameSync(join(outside, 'x'), at('x'));
    await dirt.covers(['x', 'y']);
    await edited('x/y');
    renameSync(at('x'), join(outside, 'x'));
    await calm();
    writeFileSync(join(outside, 'x', 'y', 'f'), '1');
    await turns(20);
    expect(dirt.all).toEqual([]);
    rmSync(outside, { recursive: true });
  });

  it('watches a directory that is deleted and made again, 100 times at once', async () => {
    mkdirSync(at('p/d/e'), { recursive: true });
    await run();
    for (let round = 0; round < 100; round++) {
      rmSync(at('p/d'), { recursive: true });
      mkdirSync(at('p/d/e'), { recursive: true });
      if (round % 3 === 0) await turns(1);
    }
    await edited('p/d/e');
    await edited('p/d');
  });

  it('is not misled by a file with the name of its directory', async () => {
    mkdirSync(at('a/a'), { recursive: true });
    await run();
    writeFileSync(at('a/a/a'), '1');
    renameSync(at('a/a/a'), at('a/b'));
    rmSync(at('a/b'));
    await edited('a/a');
    await edited('a');
  });

  it('does not look at our own directory, nor at what is ignored', async () => {
    for (const path of ['.syncer/staging', 'x/node_modules/y'])
      mkdirSync(at(path), { recursive: true });
    await run({ ignored: (path) => path.includes('node_modules') });
    mkdirSync(at('.Syncer'));
    mkdirSync(at('node_modules'));
    await calm();
    for (const path of [
      '.syncer/staging',
      '.Syncer',
      'x/node_modules',
      'x/node_modules/y',
      'node_modules',
    ]) {
      writeFileSync(at(`${path}/f`), '1');
    }
    rmSync(at('.Syncer'), { recursive: true });
    await turns(20);
    expect(dirt.all).toEqual([]);
  });

  it('watches what is no longer ignored once it is told to begin anew', async () => {
    mkdirSync(at('a/b'), { recursive: true });
    let ignored = true;
    await run({ ignored: () => ignored });
    ignored = false;
    watcher.rewatch('other patterns');
    await until(() => dirt.everything, 'not told');
    expect(dirt.all).toEqual([{ type: 'everything', reason: 'other patterns' }]);
    await edited('a/b');
  });

  it('[C23][C24] follows no symlink, also not one that takes a directory’s place', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'syncer-'));
    await mkdir(at('d'));
    await symlink(outside, at('link'));
    await symlink(root, at('loop'));
    await run();
    await rename(at('d'), at('e'));
    await symlink(outside, at('d'));
    await calm();
    await writeFile(join(outside, 'f'), '1');
    await turns(20);
    expect(dirt.all).toEqual([]);
    await rm(outside, { recursive: true });
  });

  it('[C32] says that events may be lost when 20,000 come while the loop is blocked', async () => {
    for (let count = 0; count < 20; count++) mkdirSync(at(`d${count}`));
    await run();
    for (let count = 0; count < 20_000; count++) writeFileSync(at(`d${count % 20}/${count}`), '');
    await until(() => dirt.everything, 'not told');
    for (let count = 0; count < 20; count++) await edited(`d${count}`);
  });

  it('[C33] tells once that there are no more watches, and goes on with those it has', async () => {
    for (const name of ['a', 'b', 'c', 'd']) mkdirSync(at(name));
    let left = 3;
    const opened: string[] = [];
    const limited = ((path: string) => {
      if (left-- <= 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      opened.push(path);
      return watch(path);
    }) as typeof watch;
    await run({ watch: limited });
    expect(dirt.all).toEqual([{ type: 'everything', reason: expect.stringContaining('ENOSPC') }]);
    expect(watcher.degraded).toBe(true);
    mkdirSync(at('new'));
    await dirt.covers([]);
    for (const path of opened.splice(0).slice(1)) await edited(basename(path));
    left = 100;
    watcher.rewatch('more watches');
    await until(() => opened.length === 6 && !watcher.degraded, 'still degraded');
    for (const name of ['a', 'b', 'c', 'd', 'new']) await edited(name);
  });

  it('[C34] goes on without a directory whose watch fails, and takes it up again', async () => {
    mkdirSync(at('a'));
    const opened = new Map<string, FSWatcher>();
    const kept = ((path: string) => {
      const handle = watch(path);
      opened.set(path, handle);
      return handle;
    }) as typeof watch;
    await run({ watch: kept });
    opened.get(at('a'))?.emit('error', Object.assign(new Error('failed'), { code: 'EIO' }));
    await until(() => dirt.everything && watcher.degraded, 'not told');
    opened.get(root)?.emit('change', 'change', 'a');
    await edited('a');
    opened.get(root)?.emit('error', new Error('failed'));
    await until(() => !watcher.degraded, 'not taken up again');
    await edited('a');
  });

  it.each([false, true])('[C34] finds the root again (recursive: %s)', async (recursive) => {
    rmSync(root, { recursive: true });
    await run({ recursive });
    await until(() => dirt.everything && watcher.degraded, 'not told');
    await calm();
    await turns(100);
    expect(dirt.all, 'told once').toEqual([]);
    mkdirSync(at('d'), { recursive: true });
    await until(() => dirt.everything && !watcher.degraded, 'not told again');
    await edited('d');
  });

  it('[C34] notices that the root is another directory, also under the same name', async () => {
    mkdirSync(at('root/d'), { recursive: true });
    watcher = nodeWatcher({ root: at('root'), retry: 20 });
    await watcher.run(dirt.add);
    for (const away of [
      () => renameSync(at('root'), at(`old${serial++}`)),
      () => rmSync(at('root'), { recursive: true }),
    ]) {
      away();
      mkdirSync(at('root/d'), { recursive: true });
      await until(() => dirt.everything, 'not told');
      await calm();
      writeFileSync(at('root/d/f'), '1');
      await dirt.covers(['d']);
    }
  });
});
