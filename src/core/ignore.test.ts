import fc from 'fast-check';
import ignore from 'ignore';
import { describe, expect, it } from 'vitest';
import { ignorePatterns, MAX_PATTERN_LENGTH, PATTERN_PROBLEMS } from './ignore.ts';

/** A path as in a listing: a directory has a slash at its end. */
function ignoresPath(lines: readonly string[], path: string): boolean {
  const names = path.replace(/\/$/, '').split('/');
  return ignorePatterns(lines).ignores(names, path.endsWith('/'));
}

const CASES: readonly (readonly [lines: string, ignored: string, kept: string])[] = [
  ['*.tmp', 'a.tmp|d/a.tmp|.tmp|d.tmp/|d.tmp/x', 'a.tmp2|tmp|a.TMP'],
  ['.git', '.git/|.git/config|a/.git/|a/.git/b/c|.git', 'git|.gitignore|.github/x'],
  ['__pycache__/', '__pycache__/|a/__pycache__/x.pyc', '__pycache__|a/__pycache__'],
  ['build/**', 'build/a|build/a/|build/a/b', 'build/|build|x/build/a'],
  [
    '*/node_modules',
    'a/node_modules/|a/node_modules/b|a/node_modules',
    'node_modules/|a/b/node_modules/',
  ],
  ['/dist', 'dist|dist/|dist/a', 'a/dist'],
  ['a/b', 'a/b|a/b/c', 'x/a/b|a/bc'],
  ['a/*', 'a/b|a/b/c', 'a/|b'],
  ['**/a', 'a|x/a|x/y/a', 'b|xa'],
  ['**/a/b', 'a/b|x/a/b|x/y/a/b/c', 'a/x/b|b'],
  ['a/**/b', 'a/b|a/x/b|a/x/y/b', 'a/|x/a/b|ab'],
  ['a/**/**/b', 'a/b|a/x/b|a/x/y/b', 'b'],
  ['a/**/', 'a/b/|a/b/c|a/b/c/', 'a/|a/b'],
  ['/**', 'a|a/|a/b', ''],
  ['**', 'a|a/|a/b', ''],
  ['**/', 'a/|a/b', 'a'],
  ['***/a', 'a|x/y/a', 'b'],
  ['a**b', 'ab|axb|x/axxb', 'a/b|ba'],
  ['*', 'a|a/b', ''],
  ['?', 'a|é|😀|x/b', 'ab|'],
  ['[a-c]x', 'ax|bx|cx', 'dx|x|-x|[a-c]x'],
  ['[!a-c]x', 'dx|-x', 'ax|x'],
  ['[^a]', 'b', 'a'],
  ['[]a]', ']|a', 'b'],
  ['[!]a]', 'b', ']|a'],
  ['[a-]', 'a|-', 'b'],
  ['[--0]', '-|.|0', '1'],
  ['[c-a]', 'c', 'a|b'],
  ['[\\]]', ']', '\\'],
  ['[[:digit:][:upper:]]x', '1x|Ax', 'ax|:x'],
  ['[[:x]', ':|x|[', 'y'],
  ['[à-é]', 'é|ç', 'e'],
  ['a[b/c]d', 'abd', 'axd|x/abd'],
  ['#a', '', '#a|a'],
  ['\\#a', '#a', 'a'],
  ['\\!a', '!a', 'a'],
  ['a\\*b', 'a*b', 'axb|ab'],
  ['a\\?', 'a?', 'ab'],
  ['a\\\\b', 'a\\b', 'ab'],
  ['a\\/b', 'a/b', 'x/a/b'],
  ['a  ', 'a', 'a  '],
  ['a\\ ', 'a ', 'a'],
  ['  a', '  a', 'a'],
  ['a\r', 'a', 'a\r'],
  ['\ufeffa', 'a', '\ufeffa'],
  ['|  |/|!|//', '', 'a|a/b'],
  ['//a', '', 'a'],
  ['*.log|!keep.log', 'a.log', 'keep.log|d/keep.log'],
  ['!keep.log|*.log', 'keep.log', 'a'],
  ['d/|!d/keep', 'd/|d/keep', 'e'],
  ['d/*|!d/keep', 'd/x', 'd/|d/keep'],
  ['*|!*/|!*.md', 'a|d/a', 'd/|d/a.md|a.md'],
  ['a|!a|a', 'a', ''],
  ['!!a', '', 'a|!a'],
  ['cafe\u0301', 'café', 'cafe'],
];

const pieces = (text: string): string[] => text.split('|');

describe('ignorePatterns', () => {
  it.each(CASES)('%j', (lines, ignored, kept) => {
    for (const path of pieces(ignored).filter(Boolean)) {
      expect(ignoresPath(pieces(lines), path), `ignores ${path}`).toBe(true);
    }
    for (const path of pieces(kept).filter(Boolean)) {
      expect(ignoresPath(pieces(lines), path), `keeps ${path}`).toBe(false);
    }
  });

  it('ignores nothing without patterns, and never the folder itself', () => {
    expect(ignorePatterns([]).ignores(['a', 'b'], false)).toBe(false);
    expect(ignorePatterns(['*', '**', '/**', '']).ignores([], true)).toBe(false);
  });

  it('[C38] always ignores the internal directory, and no pattern brings it back', () => {
    const all = ignorePatterns(['!.syncer', '!/.syncer/**']);
    expect(all.ignores(['.syncer'], true)).toBe(true);
    expect(all.ignores(['.syncer', 'state', 'x'], false)).toBe(true);
    expect(all.ignores(['a', '.syncer'], true)).toBe(true);
    expect(all.ignores(['.syncignore'], false)).toBe(false);
  });

  it('reports what cannot be read, and goes on with the rest', () => {
    const long = 'x'.repeat(MAX_PATTERN_LENGTH + 1);
    const { refused, ignores } = ignorePatterns(['a', '[b', long, 'c\\', '[[:d:]]', '# [e', 'f']);
    expect(refused).toEqual([
      { index: 1, pattern: '[b', problem: 'unfinished' },
      { index: 2, pattern: long, problem: 'too-long' },
      { index: 3, pattern: 'c\\', problem: 'unfinished' },
      { index: 4, pattern: '[[:d:]]', problem: 'unfinished' },
    ]);
    expect(ignores(['a'], false) && ignores(['f'], false)).toBe(true);
    expect(ignores([long], false)).toBe(false);
    expect(PATTERN_PROBLEMS.unfinished).toMatch(/^A pattern .*\.$/);
  });

  it.each([
    ['*a'.repeat(500), 'a'.repeat(255)],
    [`${'*'.repeat(1000)}b`, 'a'.repeat(255)],
    ['*(*(*(a|b)))', 'a'.repeat(255)],
    [`${'?*'.repeat(500)}b`, 'a'.repeat(255)],
    [`${'**/'.repeat(300)}x`, 'a/'.repeat(1000)],
    [`**/${'?*?/'.repeat(255)}x`, 'aab/'.repeat(1000)],
    [`${'**/a/'.repeat(200)}b`, 'a/'.repeat(1000)],
    [`[${'a-z'.repeat(300)}]*x`, 'b'.repeat(255)],
  ])('[F16] answers at once to a hard pattern (%#)', (pattern, path) => {
    expect(ignoresPath([pattern], path.replace(/\/$/, ''))).toBe(false);
  });

  it('answers the same in whatever order it is asked', () => {
    const lines = ['d/', 'a/**/c', '!b', '*/x', 'a/b/*'];
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'x'), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.boolean())), (questions) => {
        const { ignores } = ignorePatterns(lines);
        for (const [names, isDirectory] of questions) {
          const fresh = ignorePatterns(lines).ignores(names, isDirectory);
          expect(ignores(names, isDirectory)).toBe(fresh);
        }
      }),
    );
  });
});

describe('against the package `ignore`', () => {
  const glob = fc
    .array(fc.constantFrom('a', 'b', 'ab', '.', '*', '?', '[ab]', '[!a]', '[a-c]', '\\*', '-'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join(''));
  const segment = fc.oneof(
    { weight: 4, arbitrary: glob },
    { weight: 1, arbitrary: fc.constant('**') },
  );
  const pattern = fc
    .record({
      start: fc.constantFrom('', '', '', '/', '!', '!/'),
      segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
      end: fc.constantFrom('', '', '/'),
    })
    .map(({ start, segments, end }) => start + segments.join('/') + end)
    // A run of asterisks beside other characters is read in two ways, also by git itself.
    .filter((text) => !/[^/!]\*\*|\*\*[^/]/.test(text));
  const name = fc
    .array(fc.constantFrom('a', 'b', 'c', 'ab', '.', '*', '-'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(''))
    .filter((text) => text !== '.' && text !== '..');
  const path = fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '/'))
    .map(([names, end]) => names.join('/') + end);

  it('decides alike on thousands of patterns and paths', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 4 }),
        fc.array(path),
        (lines, paths) => {
          const other = ignore({ ignorecase: false }).add(lines);
          for (const each of paths) {
            expect([each, ignoresPath(lines, each)]).toEqual([each, other.ignores(each)]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
