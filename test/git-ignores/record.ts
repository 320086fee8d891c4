// `node bin/run.js test/git-ignores/record.ts`: asks git which paths of a small tree it ignores, for
// hundreds of lists of patterns, and writes the answers beside this file. The test compares ours with
// them, so that it needs no git.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';

/** Directories end with a slash. All ASCII: git counts bytes where we count characters. */
const TREE = [
  'a',
  'b/',
  'b/a',
  'b/b/',
  'b/b/a',
  'b/b/c.tmp',
  'b/b/b/',
  'b/b/b/a',
  'b/b/b/ab',
  'c.tmp',
  'd/',
  'd/a/',
  'd/a/b',
  'd/a/ab',
  'd/c.tmp',
  'ab',
  '.a',
  '-',
  ']',
  '[a]',
  '#a',
  '!a',
  'a b',
  ' ',
  '1',
  'A',
  'a*b',
  'e.log/',
  'e.log/keep',
  'build/',
  'build/a',
  'build/b/',
  'build/b/c.tmp',
  'd/node_modules/',
  'd/node_modules/x',
  'd/b/',
  'd/b/node_modules/',
  'd/b/node_modules/x',
  'd/b/build/',
  'd/b/build/x',
];

/** What people write, and the corners of the syntax; the random lists come on top. */
const TABLE = [
  ['*.tmp', 'build/**', '*/node_modules', '.a'],
  ['build/'],
  ['/build'],
  ['/b/a', 'd/*'],
  ['**/b'],
  ['**/b/a'],
  ['b/**/a'],
  ['b/**/**/a'],
  ['b/**/'],
  ['/**'],
  ['**', '!*/', '!a'],
  ['*', '!*/', '!*.tmp'],
  ['b/*', '!b/b'],
  ['b/', '!b/a'],
  ['*.log', '!keep'],
  ['***/a'],
  ['[]]', '[!]a]'],
  ['\\#a', '\\!a', '\\[a\\]'],
  ['#a', '!a'],
  ['a\\*b', 'a '],
  ['\\ ', 'a\\ b  '],
  ['[[:digit:]]', '[[:upper:]]'],
  ['[b/d]/a', 'b[/]a', 'b\\/b'],
  ['//a', '/', '!', '//'],
];

const piece = fc.constantFrom('a', 'b', 'ab', 'd', 'c.tmp', '.', '*', '?', '-', ' ', '#', '!', '1');
const bracket = fc.constantFrom(
  '[ab]',
  '[!a]',
  '[^ab]',
  '[a-c]',
  '[]]',
  '[!]a]',
  '[a-]',
  '[c-a]',
  '[\\]a]',
);
const odd = fc.constantFrom(
  '[[:alpha:]]',
  '[[:digit:]-]',
  '[[:x:]]',
  '[a',
  '[b/a]',
  '\\a',
  '\\*',
  '\\',
  '[[:a]',
);
const glob = fc
  .array(fc.oneof({ weight: 5, arbitrary: piece }, { weight: 2, arbitrary: bracket }, odd), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));
const segment = fc.oneof(
  { weight: 3, arbitrary: glob },
  fc.constantFrom('**', '*', 'b', 'a', '***'),
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '/', '!', '#', '\\'),
    fc.array(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/', ' ', '\\ ', '//'),
  )
  .map(([start, segments, end]) => start + segments.join('/') + end)
  // git reads a run of asterisks after a literal start as if it stood alone; see `isDeep`.
  .filter((text) => !/[^/!]\*\*/.test(text));

const random = fc.sample(fc.array(pattern, { minLength: 1, maxLength: 4 }), {
  numRuns: 400,
  seed: 1,
});
const worlds = [...TABLE, ...random];
const root = mkdtempSync(join(tmpdir(), 'syncer-'));

const git = (args: string[], input = ''): string => {
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: root,
  };
  const options = { cwd: root, input, env, encoding: 'utf8', maxBuffer: 1e8 } as const;
  return spawnSync('git', args, options).stdout;
};

git(['init', '--quiet']);
git(['config', 'core.ignorecase', 'false']);
for (const [index, lines] of worlds.entries()) build(join(root, `${index}`), lines);
const asked = worlds.flatMap((_, index) =>
  TREE.map((path) => `${index}/${path.replace(/\/$/, '')}`),
);
const found = new Set(
  git(['check-ignore', '--no-index', '-z', '--stdin'], asked.join('\0')).split('\0'),
);
const answers = worlds.map((lines, index) => ({
  lines,
  ignored: TREE.filter((path) => found.has(`${index}/${path.replace(/\/$/, '')}`)),
}));
const version = git(['--version']).trim();
const text = JSON.stringify({ version, tree: TREE, answers });
writeFileSync(fileURLToPath(new URL('answers.json', import.meta.url)), `${text}\n`);
rmSync(root, { recursive: true, force: true });

function build(directory: string, lines: readonly string[]): void {
  mkdirSync(directory);
  for (const path of TREE) {
    mkdirSync(join(directory, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(directory, path), '');
  }
  writeFileSync(join(directory, '.gitignore'), `${lines.join('\n')}\n`);
}
