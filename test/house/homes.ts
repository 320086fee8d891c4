import { posix } from 'node:path';
import { fileOf, importsOf, packageOf } from './imports.ts';
import { isTest, type Source } from './source.ts';

interface Home {
  readonly driver: RegExp;
  /** Of the files that may import it. */
  readonly home: RegExp;
  readonly where: string;
}

const HOMES: readonly Home[] = [
  {
    driver: /^better-sqlite3$/,
    home: /^src\/(?:server\/metadata\/sqlite|client\/state)\//,
    where: 'src/server/metadata/sqlite and src/client/state',
  },
  {
    driver: /^pg(?:-|$)/,
    home: /^src\/server\/metadata\/postgres\//,
    where: 'src/server/metadata/postgres',
  },
  { driver: /^@aws-sdk\//, home: /^src\/server\/objects\/s3/, where: 'src/server/objects/s3' },
  { driver: /^(?:fastify|@fastify\/.*|@scalar\/.*)$/, home: /^src\/server\//, where: 'src/server' },
  {
    driver: /^ws$/,
    home: /^src\/(?:server|client)\/live\b/,
    where: 'src/server/live and src/client/live',
  },
  {
    driver: /^(?:commander|picocolors|@clack\/.*|cli-.*)$/,
    home: /^src\/(?:client|server)\/(?:commands\/|main\.ts$|(?:.*[/-])?terminal\b)/,
    where: 'commands/, main.ts and files named for the terminal, in src/client and src/server',
  },
  {
    driver: /^(?:react|react-dom|@base-ui\/.*|@tanstack\/.*|wouter|uplot|diff|marked|dompurify)$/,
    home: /^src\/web\//,
    where: 'src/web',
  },
  {
    driver: /^node-diff3$/,
    home: /^src\/(?:client\/merge-text|web\/hunks-with-base)\.ts$/,
    where: 'src/client/merge-text.ts and src/web/hunks-with-base.ts, which hand it to the core',
  },
  { driver: /^yazl$/, home: /^src\/server\/archive\.ts$/, where: 'src/server/archive.ts' },
  {
    driver: /^ignore$/,
    home: /^$/,
    where: 'tests, where our own ignore rules are held against it',
  },
];

/** A driver has one home: what a library is like is known in one place, and can be changed there. */
export function strayDrivers(source: Source): string[] {
  if (!source.path.startsWith('src/') || isTest(source.path)) return [];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const name = packageOf(specifier) ?? '';
    const known = HOMES.find(({ driver }) => driver.test(name));
    if (known === undefined || known.home.test(source.path)) return [];
    return [
      `${source.path}:${line} imports ${name}, whose home is ${known.where}: ` +
        'everything else sees an interface.',
    ];
  });
}

const IMPLEMENTATION = /^(?:memory|sqlite|postgres|filesystem|s3|node|http|websocket)$/;

/**
 * Beside a `contract.ts` lie the implementations of one port. Only they themselves, `main.ts` and
 * tests name them; a step that did so could not be tried with another.
 */
export function namedImplementations(source: Source, paths: readonly string[]): string[] {
  if (!source.path.startsWith('src/') || isTest(source.path)) return [];
  if (source.path.endsWith('/main.ts')) return [];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const file = fileOf(source.path, specifier);
    const folder = file && folderOfPort(file, paths);
    if (folder === undefined || source.path.startsWith(`${folder}/`)) return [];
    return [
      `${source.path}:${line} names ${file}, an implementation. ` +
        'Take the port as a parameter; main.ts chooses.',
    ];
  });
}

/** The folder of the port that `file` is, or belongs to, an implementation of. */
function folderOfPort(file: string, paths: readonly string[]): string | undefined {
  let folder = posix.dirname(file);
  let child = posix.basename(file).replace(/\.tsx?$/, '');
  while (folder !== '.' && folder !== '/') {
    if (paths.includes(`${folder}/contract.ts`)) {
      return IMPLEMENTATION.test(child) ? folder : undefined;
    }
    child = posix.basename(folder);
    folder = posix.dirname(folder);
  }
  return undefined;
}
