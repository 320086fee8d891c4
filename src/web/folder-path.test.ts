import { describe, expect, it } from 'vitest';
import {
  extensionOf,
  isWithin,
  nameOf,
  parentOf,
  pathIn,
  problemOfName,
  resolveIn,
  waysTo,
} from './folder-path.ts';

describe('a path', () => {
  it('is taken apart and put together', () => {
    expect([parentOf('a/b/c'), nameOf('a/b/c'), parentOf('a'), nameOf('a')]).toEqual([
      'a/b',
      'c',
      '',
      'a',
    ]);
    expect([pathIn('', 'a'), pathIn('a/b', 'c')]).toEqual(['a', 'a/b/c']);
  });

  it('has a way to it', () => {
    expect(waysTo('')).toEqual([]);
    expect(waysTo('a/b/c')).toEqual(['a', 'a/b', 'a/b/c']);
  });

  it('lies within a directory, and not in one that only begins alike', () => {
    expect([
      isWithin('', 'a'),
      isWithin('a', 'a'),
      isWithin('a', 'a/b'),
      isWithin('a', 'ab'),
    ]).toEqual([true, true, true, false]);
  });
});

it.each([
  ['a.png', 'docs/a.png'],
  ['./in/a%20b.png?raw#x', 'docs/in/a b.png'],
  ['../a.png', 'a.png'],
  ['../../a.png', undefined],
  ['https://example.org/a.png', undefined],
  ['//example.org/a.png', undefined],
  ['#part', undefined],
  ['100%', 'docs/100%'],
])('in a file of docs, %s means %s', (reference, path) => {
  expect(resolveIn('docs', reference)).toBe(path);
});

it.each([
  ['a.TXT', 'txt'],
  ['a.tar.gz', 'gz'],
  ['.bashrc', ''],
  ['none', ''],
])('the extension of %s is "%s"', (name, extension) => {
  expect(extensionOf(name)).toBe(extension);
});

it.each(['', '  ', '.', '..', 'a/b', 'a\\b', 'a\nb'])('the name %j is refused', (name) => {
  expect(problemOfName(name)).toBeTypeOf('string');
});

it('an ordinary name is well', () => {
  expect(problemOfName('Brief an Ögy, 2. Fassung.txt')).toBeUndefined();
});
