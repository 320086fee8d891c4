import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName } from './name.ts';
import { joinPath, PATH_PROBLEMS, type PathProblem, parsePath } from './path.ts';

const REFUSED: readonly (readonly [rule: string, wire: string, problem: PathProblem])[] = [
  ['F01', '', 'empty'],
  ['F01', '/', 'absolute'],
  ['F01', '/etc/passwd', 'absolute'],
  ['F01', '//server/share', 'absolute'],
  ['F01', 'a/', 'empty'],
  ['F01', 'a//b', 'empty'],
  ['F01', 'a/./b', 'dots'],
  ['F01', './a', 'dots'],
  ['F01', '..', 'dots'],
  ['F01', '../a', 'dots'],
  ['F01', 'a/../../b', 'dots'],
  ['F01', 'a/..', 'dots'],
  ['F01', 'a\\b', 'separator'],
  ['F01', '\\\\server\\share', 'separator'],
  ['F01', 'C:/Windows', 'drive'],
  ['F01', 'C:\\Windows', 'separator'],
  ['F01', 'a/b\u0000', 'control'],
  ['F02', '%2e%2e%2f'.replaceAll('%2e', '.').replaceAll('%2f', '/'), 'dots'],
  ['F04', 'a/\ud800', 'not-text'],
  ['F05', 'a/e\u0301/b', 'not-normalized'],
  ['C38', '.syncer/state', 'internal'],
  ['C38', 'a/.SYNCER', 'internal'],
  ['C38', 'a/SYNCER~1/b', 'internal'],
  ['C19', `a/${'x'.repeat(256)}`, 'too-long'],
  ['C20', `${'abcd/'.repeat(819)}ab`, 'path-too-long'],
  ['C20', 'é/'.repeat(1500), 'path-too-long'],
  ['G06', 'x'.repeat(10_000_000), 'path-too-long'],
  ['C31', `${'a/'.repeat(1000)}a`, 'too-deep'],
];

const shown = ([rule, wire, problem]: (typeof REFUSED)[number]) => ({
  rule,
  wire,
  problem,
  text: JSON.stringify(wire.slice(0, 40)),
});

describe('parsePath', () => {
  it.each(REFUSED.map(shown))('[$rule] refuses $text', ({ wire, problem }) => {
    expect(parsePath(wire)).toBe(problem);
    expect(PATH_PROBLEMS[problem]).toMatch(/^A (?:name|path) .*\.$/);
  });

  it('splits a path into its names', () => {
    expect(parsePath('a')).toEqual(['a']);
    expect(parsePath('docs/2026/Übersicht.txt')).toEqual(['docs', '2026', 'Übersicht.txt']);
    expect(parsePath('.../a b/ c')).toEqual(['...', 'a b', ' c']);
  });

  it('[C20] takes a path of 4,096 bytes, and no longer one', () => {
    const longest = `${'abc/'.repeat(800)}${`${'x'.repeat(255)}/`.repeat(3)}`;
    const last = 'e'.repeat(4096 - longest.length);
    expect(parsePath(longest + last)).toHaveLength(804);
    expect(parsePath(`${longest}${last}e`)).toBe('path-too-long');
  });

  it('[C31] takes 1,000 names', () => {
    expect(parsePath(Array(1000).fill('a').join('/'))).toHaveLength(1000);
  });

  it('[F02] takes percent signs as they are: decoding, once, is the router’s', () => {
    expect(parsePath('%2e%2e%2f')).toEqual(['%2e%2e%2f']);
  });

  it('gives back what was joined', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
    const names = fc.array(
      name.filter((text) => checkName(text) === undefined),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(names, (path) => {
        expect(parsePath(joinPath(path))).toEqual(path);
      }),
    );
  });

  it('[F05] joins to the very text that it took, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '.',
      '..',
      '\\',
      'é',
      'e\u0301',
      ':',
      '\u0000',
      '.syncer',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const names = parsePath(pieces.join(''));
        if (typeof names !== 'string') expect(joinPath(names)).toBe(pieces.join(''));
      }),
      { numRuns: 1000 },
    );
  });
});
