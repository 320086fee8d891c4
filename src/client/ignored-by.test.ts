import { describe, expect, it } from 'vitest';
import { ignorePatterns } from '../core/ignore.ts';
import { ignoredBy } from './ignored-by.ts';

const by = (lines: readonly string[], path: string, isDirectory = false) => {
  const found = ignoredBy(lines, { path: path.split('/'), isDirectory });
  return found && [found.path.join('/'), found.line];
};

describe('what ignores a path', () => {
  it('is the last line that matches', () => {
    const lines = ['# logs', '*.log', '!keep.log', 'a/**', '*.log'];
    expect(by(lines, 'x.log')).toEqual(['x.log', 4]);
    expect(by(lines.slice(0, 4), 'x.log')).toEqual(['x.log', 1]);
    expect(by(lines.slice(0, 4), 'keep.log')).toBeUndefined();
    expect(by(lines.slice(0, 4), 'a/keep.log')).toEqual(['a/keep.log', 3]);
    expect(by(lines, 'x.txt')).toBeUndefined();
  });

  it('may be about a directory above it', () => {
    expect(by(['build/'], 'a/build/x/y')).toEqual(['a/build', 0]);
    expect(by(['build/'], 'build')).toBeUndefined();
    expect(by(['build/'], 'build', true)).toEqual(['build', 0]);
  });

  it('is not a line that only matches a directory above it, which is kept', () => {
    expect(by(['foo', 'a', '!/a'], 'a/foo')).toEqual(['a/foo', 0]);
    expect(by(['f*', 'a [1]', '!/a \\[1\\]'], 'a [1]/foo')).toEqual(['a [1]/foo', 0]);
  });

  it('is nobody’s line for what is our own', () => {
    expect(by(['*'], '.syncer/trash/x')).toEqual(['.syncer', undefined]);
  });

  it('is found for every path that is ignored, and for no other', () => {
    const pieces = ['a', 'b', '*', '!a', '/a', 'a/', '!b/a', 'a/b', '**/b', '!/a/b', 'a*', '!*'];
    const paths = ['a', 'b', 'a/a', 'a/b', 'b/a', 'b/b', 'a/b/a', 'a/b/b', 'b/a/b'];
    for (const one of pieces)
      for (const two of pieces)
        for (const three of pieces)
          for (const path of paths) {
            const lines = [one, two, three];
            const is = ignorePatterns(lines).ignores(path.split('/'), false);
            const found = by(lines, path);
            expect(found !== undefined, `${lines} ${path}`).toBe(is);
            if (found === undefined) continue;
            expect(found[1], `${lines} ${path}`).toBeGreaterThanOrEqual(0);
            expect(lines[Number(found[1])], `${lines} ${path}`).not.toMatch(/^!/);
          }
  });
});
