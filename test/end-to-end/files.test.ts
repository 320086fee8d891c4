import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from './processes.ts';
import { countIn, differences } from './tree.ts';

// What real file systems hold, between two clients that run all the time.

const CONFIG = 'ignore_patterns: ["*.tmp", "/cache/"]\n';

let bench: Bench;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  bench = await Bench.open();
  bench.env = { SYNCER_MAX_FILE_SIZE: '100000' };
  const server = await bench.server();
  [anna, ben] = [
    await bench.client('anna', server, CONFIG),
    await bench.client('ben', server, CONFIG),
  ];
  for (const home of [anna, ben]) home.start();
}, 60_000);
afterAll(() => bench.close());

const unequal = (): string[] => differences(anna.directory, ben.directory);

async function becomeEqual(): Promise<void> {
  await until(() => unequal().length === 0, { what: () => unequal().join('\n') });
}

/** Each test begins with nothing on either side. */
beforeEach(async () => {
  for (const { directory } of [anna, ben])
    for (const name of readdirSync(directory))
      if (name !== '.syncer') rmSync(join(directory, name), { recursive: true });
  await until(() => countIn(anna.directory) + countIn(ben.directory) === 0);
});

const there = (home: ClientHome, path: string): string => join(home.directory, path);

function write(home: ClientHome, path: string, content = `content of ${path}`): string {
  const place = there(home, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

/** Outside of the directory, on the same file system. */
function writeAside(home: ClientHome, content: string): string {
  const place = join(dirname(home.directory), 'aside');
  writeFileSync(place, content);
  return place;
}

const arrives = (home: ClientHome, path: string): Promise<void> =>
  until(() => existsSync(there(home, path)), { what: () => `${path} at ${home.name}` });

async function holds(home: ClientHome, path: string, content: string): Promise<void> {
  await arrives(home, path);
  await until(() => readFileSync(there(home, path), 'utf8') === content);
}

const leaves = (home: ClientHome, path: string): Promise<void> =>
  until(() => !existsSync(there(home, path)), { what: () => `${path} gone at ${home.name}` });

interface Problem {
  readonly path: string;
  readonly code: string;
}

async function problemsOf({ config }: ClientHome): Promise<string[]> {
  const program = bench.run('syncer-client', 'status', '--json', '-c', config);
  expect(await program.ended()).toBe(0);
  return JSON.parse(program.output).problems.map(({ path, code }: Problem) => `${path}: ${code}`);
}

/** What status tells, once it tells this; it is told anew every second. */
async function tells(home: ClientHome, wanted: readonly string[]): Promise<void> {
  let told: string[] = [];
  await until(
    async () => {
      told = await problemsOf(home);
      return told.join() === wanted.join();
    },
    { what: () => `${told.join()} to be ${wanted.join()}` },
  );
}

/** Everything that was sent before this is there, for what comes later is there. */
async function round(from: ClientHome, to: ClientHome): Promise<void> {
  const name = `marker ${Math.random()}`;
  write(from, name);
  await arrives(to, name);
  rmSync(there(from, name));
  await leaves(to, name);
}

describe('files', () => {
  it('have their times and their executable bit, also when only these change', async () => {
    const place = write(anna, 'scripts/run.sh', '#!/bin/sh\n');
    chmodSync(place, 0o755);
    utimesSync(place, 1_600_000_000.123, 1_600_000_000.123);
    await arrives(ben, 'scripts/run.sh');
    await becomeEqual();
    const stats = statSync(there(ben, 'scripts/run.sh'));
    expect(stats.mode & 0o111).toBe(0o111);
    expect(Math.round(stats.mtimeMs)).toBe(1_600_000_000_123);

    chmodSync(there(ben, 'scripts/run.sh'), 0o644);
    utimesSync(there(ben, 'scripts/run.sh'), 1_500_000_000.5, 1_500_000_000.5);
    await until(() => Math.round(statSync(place).mtimeMs) === 1_500_000_000_500);
    await becomeEqual();
    expect(statSync(place).mode & 0o111).toBe(0);
  });

  it('of no bytes, and empty directories in empty directories', async () => {
    write(anna, 'empty/file', '');
    mkdirSync(there(anna, 'empty/a/b/c'), { recursive: true });
    await arrives(ben, 'empty/a/b/c');
    await becomeEqual();
    expect(statSync(there(ben, 'empty/file')).size).toBe(0);
    rmSync(there(ben, 'empty'), { recursive: true });
    await leaves(anna, 'empty');
  });

  it('that are too large for the server are told of by status; the others are sent', async () => {
    // Whole at once: of a slow write others may see the small beginning.
    renameSync(writeAside(anna, 'x'.repeat(100_001)), there(anna, 'too large'));
    write(anna, 'just right', 'x'.repeat(100_000));
    await arrives(ben, 'just right');
    await tells(anna, ['too large: file_too_large']);
    expect(existsSync(there(ben, 'too large'))).toBe(false);
    writeFileSync(there(anna, 'too large'), 'no longer');
    await arrives(ben, 'too large');
    await tells(anna, []);
  });
});

describe('symlinks', () => {
  it('stay links, whether or not they lead to something', async () => {
    write(anna, 'links/file');
    symlinkSync('file', there(anna, 'links/to file'));
    symlinkSync('../links', there(anna, 'links/to directory'));
    symlinkSync('nothing/here', there(anna, 'links/to nothing'));
    await arrives(ben, 'links/file');
    await becomeEqual();
    expect(lstatSync(there(ben, 'links/to directory')).isSymbolicLink()).toBe(true);
  });

  /** Between the one and the other there may be nothing for a moment. */
  const kindOf = (home: ClientHome, path: string) =>
    lstatSync(there(home, path), { throwIfNoEntry: false });

  it('are replaced by files, and files by them', async () => {
    write(anna, 'turn/target');
    write(anna, 'turn/x', 'a file');
    await arrives(ben, 'turn/x');
    rmSync(there(anna, 'turn/x'));
    symlinkSync('target', there(anna, 'turn/x'));
    await until(() => kindOf(ben, 'turn/x')?.isSymbolicLink() === true);
    rmSync(there(ben, 'turn/x'));
    write(ben, 'turn/x', 'a file again');
    await until(() => kindOf(anna, 'turn/x')?.isFile() === true);
    await becomeEqual();
  });

  it('[C24] that lead out are told of, never sent and never followed', async () => {
    const outside = join(bench.directory, 'outside');
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'secret'), 'not to be synchronized');
    mkdirSync(there(anna, 'leading'));
    symlinkSync(outside, there(anna, 'leading/absolute'));
    symlinkSync('../../../outside', there(anna, 'leading/out'));
    await round(anna, ben);
    await tells(anna, ['leading/absolute: unsupported', 'leading/out: unsupported']);
    expect(existsSync(there(ben, 'leading/absolute'))).toBe(false);
    expect(existsSync(there(ben, 'leading/out'))).toBe(false);
    rmSync(there(anna, 'leading'), { recursive: true });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('not to be synchronized');
  });
});

describe('what is ignored', () => {
  it('by the configuration is not sent; renamed out of it, it is; renamed into it, it is gone elsewhere', async () => {
    write(anna, 'a.tmp', 'A');
    write(anna, 'cache/deep', 'C');
    write(anna, 'below/cache/deep', 'not the cache at the top');
    await round(anna, ben);
    expect(existsSync(there(ben, 'a.tmp'))).toBe(false);
    expect(existsSync(there(ben, 'cache'))).toBe(false);
    expect(existsSync(there(ben, 'below/cache/deep'))).toBe(true);
    renameSync(there(anna, 'a.tmp'), there(anna, 'a.txt'));
    await arrives(ben, 'a.txt');
    renameSync(there(anna, 'a.txt'), there(anna, 'b.tmp'));
    await leaves(ben, 'a.txt');
    expect(readFileSync(there(anna, 'b.tmp'), 'utf8')).toBe('A');
    rmSync(there(anna, 'b.tmp'));
    rmSync(there(anna, 'cache'), { recursive: true });
  });

  it('by .syncignore follows that file as it is edited, for both', async () => {
    write(anna, '.syncignore', '*.log\n');
    await arrives(ben, '.syncignore');
    write(anna, 'of anna.log');
    write(ben, 'of ben.log');
    await round(anna, ben);
    await round(ben, anna);
    expect(existsSync(there(ben, 'of anna.log'))).toBe(false);
    expect(existsSync(there(anna, 'of ben.log'))).toBe(false);
    write(ben, '.syncignore', '# nothing\n');
    await arrives(ben, 'of anna.log');
    await arrives(anna, 'of ben.log');
    await becomeEqual();
  });

  it('[A34] a pattern that comes later deletes nothing', async () => {
    write(anna, 'kept/later.bak', 'v1');
    await arrives(ben, 'kept/later.bak');
    write(anna, '.syncignore', '*.bak\n');
    await holds(ben, '.syncignore', '*.bak\n');
    await round(anna, ben);
    expect(existsSync(there(anna, 'kept/later.bak'))).toBe(true);
    expect(existsSync(there(ben, 'kept/later.bak'))).toBe(true);
    rmSync(there(ben, 'kept/later.bak'));
    await round(ben, anna);
    expect(existsSync(there(anna, 'kept/later.bak'))).toBe(true);
    write(anna, '.syncignore', '');
    await arrives(ben, 'kept/later.bak');
    await becomeEqual();
  });
});

describe('names', () => {
  it('[C15] [C19] of every script, with spaces and quotes, and as long as they may be', async () => {
    const names = [
      'ünï cödé',
      '日本語のファイル',
      'файл',
      '🙂 smile',
      `it's "quoted"`,
      '-rf *',
      ' leading and trailing ',
      '$HOME `x` %41',
      'é'.repeat(127),
      'CON',
      '...',
      'a:b',
    ];
    for (const name of names) write(anna, `names/${name}`);
    await until(() => names.every((name) => existsSync(there(ben, `names/${name}`))));
    await becomeEqual();
    renameSync(there(ben, 'names/файл'), there(ben, 'names/папка'));
    await arrives(anna, 'names/папка');
    await becomeEqual();
  });

  it('[C15] in another Unicode form on this disk are sent in the common one, and stay as they are here', async () => {
    const [nfd, nfc] = ['cafe\u0301', 'caf\u00e9'];
    write(anna, `odd/${nfd}`, 'decomposed');
    await arrives(ben, `odd/${nfc}`);
    expect(readdirSync(there(ben, 'odd'))).toEqual([nfc]);
    write(ben, `odd/${nfc}`, 'edited');
    await holds(anna, `odd/${nfd}`, 'edited');
    expect(readdirSync(there(anna, 'odd'))).toEqual([nfd]);
    renameSync(there(anna, 'odd'), there(anna, 'odd again'));
    await arrives(ben, `odd again/${nfc}`);
    rmSync(there(ben, `odd again/${nfc}`));
    await leaves(anna, `odd again/${nfd}`);
  });

  it('that no other system could hold are told of, and neither sent nor touched', async () => {
    write(anna, 'odd/back\\slash', 'B');
    write(anna, 'odd/new\nline', 'N');
    write(anna, 'odd/plain', 'P');
    await arrives(ben, 'odd/plain');
    await round(anna, ben);
    await tells(anna, ['odd/back\\slash: separator', 'odd/new\nline: control']);
    expect(readdirSync(there(ben, 'odd'))).toEqual(['plain']);
    renameSync(there(anna, 'odd/back\\slash'), there(anna, 'odd/slash'));
    rmSync(there(anna, 'odd/new\nline'));
    await arrives(ben, 'odd/slash');
    await tells(anna, []);
  });

  it('[A13] [A14] a swap, and a directory that changes places with what is in it', async () => {
    write(anna, 'turns/f', 'F');
    write(anna, 'turns/g', 'G');
    write(anna, 'turns/a/b/deep', 'D');
    await arrives(ben, 'turns/a/b/deep');
    renameSync(there(anna, 'turns/f'), there(anna, 'turns/t'));
    renameSync(there(anna, 'turns/g'), there(anna, 'turns/f'));
    renameSync(there(anna, 'turns/t'), there(anna, 'turns/g'));
    renameSync(there(anna, 'turns/a/b'), there(anna, 'turns/b'));
    renameSync(there(anna, 'turns/a'), there(anna, 'turns/b/a'));
    await until(() => existsSync(there(ben, 'turns/b/a')));
    await becomeEqual();
    expect(readFileSync(there(ben, 'turns/f'), 'utf8')).toBe('G');
    expect(readFileSync(there(ben, 'turns/b/deep'), 'utf8')).toBe('D');
  });
});
