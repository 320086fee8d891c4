import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the project. A house check is a function of these and answers sentences; none: all is well. */
export interface Source {
  /** From the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage', 'sync_data', 'demo-data']);
const TEXT = /\.(?:tsx?|m?js|json|md|ya?ml|html|css|sql|sh|toml|conf|service|plist)$|\/[A-Za-z]+$/;

/** Every text file of the checkout that is, or could be, committed. */
export function readSources(): Source[] {
  return pathsBelow('')
    .filter((path) => TEXT.test(`/${path}`) || path === '.npmrc' || path === '.gitignore')
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return pathsBelow(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

export const isCode = (path: string): boolean =>
  /^(?:src|test|bench|bin|examples)\/.*\.(?:tsx?|js)$/.test(path);

/** Checked, but never shipped: tests, the suites that they share, benchmarks. */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|\/contract\.ts$|^(?:test|bench)\//.test(path) ||
  /^vite(?:st)?\.config\.ts$/.test(path);

export const ROOMS = ['core', 'protocol', 'client', 'server', 'web'] as const;
export type Room = (typeof ROOMS)[number];

export const roomOf = (path: string): Room | undefined =>
  ROOMS.find((room) => path.startsWith(`src/${room}/`));

/** The line, counted from 1, of the character at `offset`. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;
