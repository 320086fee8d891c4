import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diskContract } from './contract.ts';
import type { System } from './node/inside.ts';
import { nodeDisk } from './node.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** What a disk does later is done before anybody else acts: to them it is as if it had come first. */
async function makeHoldingWorld(): Promise<World> {
  const due: (() => void)[] = [];
  const turn = (): void => {
    for (const work of due.splice(0)) work();
  };
  const world = await makeWorld({ later: (work) => due.push(work) });
  const acting = (target: User, name: string | symbol): unknown => {
    turn();
    return Reflect.get(target, name);
  };
  return {
    ...world,
    user: new Proxy(world.user, { get: acting }),
    removeRoot: () => {
      turn();
      world.removeRoot();
    },
    close: () => {
      turn();
      return world.close();
    },
  };
}

async function makeWorld(system: Partial<System>): Promise<World> {
  const above = mkdtempSync(join(tmpdir(), 'syncer-'));
  const root = join(above, 'root');
  mkdirSync(root);
  const reopen = () => nodeDisk({ root, now: Date.now, system });
  return {
    disk: reopen(),
    user: nodeUser(root),
    reopen,
    removeRoot: () => rmSync(root, { recursive: true }),
    settle: () => new Promise((resolve) => setTimeout(resolve, 50)),
    close: async () => rmSync(above, { recursive: true }),
  };
}

function nodeUser(root: string): User {
  const at = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  return {
    write: (path, content) => writeFileSync(at(path), content),
    append: (path, content) => appendFileSync(at(path), content),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    setTime: (path, mtime) => utimesSync(at(path), new Date(), new Date(mtime)),
    remove: (path) => rmSync(at(path), { recursive: true }),
    rename: (from, to) => renameSync(at(from), at(to)),
    makeDirectory: (path) => {
      mkdirSync(at(path), { recursive: true });
    },
    symlink: (path, target) => symlinkSync(target, at(path)),
    makePipe: (path) => {
      execFileSync('mkfifo', [at(path)]);
    },
    snapshot: () => new Map(told(root, '')),
  };
}

function* told(root: string, above: string): Iterable<[string, string]> {
  for (const name of readdirSync(join(root, above))) {
    const path = `${above}${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isFile()) yield [path, readFileSync(join(root, path), 'utf8')];
    else if (stats.isSymbolicLink()) yield [path, `-> ${readlinkSync(join(root, path))}`];
    else yield [path, stats.isDirectory() ? 'dir' : 'pipe'];
    if (stats.isDirectory()) yield* told(root, `${path}/`);
  }
}

diskContract('node', () => makeWorld({}));
diskContract('node, without open directories', () => makeWorld({ anchored: false }));
diskContract('node, without hard links', () => makeWorld({ hardLinks: false }));
diskContract('node, with directories held open for a moment', makeHoldingWorld);
