import { describe, expect, it } from 'vitest';
import type { FileInfo } from '../protocol/file-info.ts';
import { compare } from './compare.ts';

const file = (content: string, second: number): FileInfo => ({
  path: 'a',
  size: 1,
  checksum: content.repeat(64),
  modified_time: `2026-01-01T00:00:0${second}Z`,
});
const directory: FileInfo = { ...file('', 0), checksum: '', size: 0, is_directory: true };

describe('compare: every cell of the analysis', () => {
  const ROWS: [string, FileInfo | undefined, FileInfo | undefined, string][] = [
    ['nothing anywhere', undefined, undefined, 'nothing'],
    ['only here', file('a', 1), undefined, 'upload'],
    ['only there', undefined, file('a', 1), 'download'],
    ['a directory only here', directory, undefined, 'upload'],
    ['a directory only there', undefined, directory, 'download'],
    ['the same', file('a', 1), file('a', 1), 'nothing'],
    ['the same, later here', file('a', 2), file('a', 1), 'nothing'],
    ['the same, later there', file('a', 1), file('a', 2), 'nothing'],
    ['different, newer here', file('a', 2), file('b', 1), 'upload'],
    ['different, newer there', file('a', 1), file('b', 2), 'conflict'],
    ['different, as old', file('a', 1), file('b', 1), 'conflict'],
    [
      'two directories',
      directory,
      { ...directory, modified_time: '2030-01-01T00:00:00Z' },
      'nothing',
    ],
    ['a file and a directory', file('a', 9), directory, 'conflict'],
    ['a directory and a file', directory, file('a', 9), 'conflict'],
  ];
  it.each(ROWS)('%s', (...[, here, there, verdict]) => {
    const found = compare(here ? [here] : [], there ? [there] : []);
    expect(found).toEqual({
      uploads: verdict === 'upload' ? [here] : [],
      downloads: verdict === 'download' ? [there] : [],
      conflicts: verdict === 'conflict' ? ['a'] : [],
    });
  });

  it('times are compared as moments, whatever their zone', () => {
    const here = { ...file('a', 0), modified_time: '2026-01-01T02:00:01+02:00' };
    expect(compare([here], [file('b', 0)]).uploads).toEqual([here]);
    const earlier = { ...here, modified_time: '2026-01-01T00:59:59+01:00' };
    expect(compare([earlier], [file('b', 0)]).conflicts).toEqual(['a']);
  });

  it('of a path that is told twice, the last counts', () => {
    expect(compare([file('b', 1), file('a', 1)], [file('a', 1)])).toEqual({
      uploads: [],
      downloads: [],
      conflicts: [],
    });
  });

  it('paths like those of every object are nothing special', () => {
    const odd = ['__proto__', 'constructor', 'toString'].map((path) => ({ ...file('a', 1), path }));
    expect(compare(odd, []).uploads).toEqual(odd);
  });
});
