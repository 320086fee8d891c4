import { describe, expect, it } from 'vitest';
import { type DiffRow, diffRows, type Side, withGaps } from './diff-rows.ts';

const textOf = (side: Side | undefined): string =>
  side === undefined
    ? '-'
    : side.runs.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('');
const show = (rows: readonly DiffRow[]): string[] =>
  rows.map(({ left, right }) => `${textOf(left)} | ${textOf(right)}`);

describe('two texts', () => {
  it('that are equal have equal rows, whatever their line ends', () => {
    expect(show(diffRows('a\nb\n', 'a\r\nb'))).toEqual(['a | a', 'b | b']);
    expect(diffRows('', '')).toEqual([]);
  });

  it('stand beside each other, changed words marked', () => {
    expect(show(diffRows('one\nthe old word\nthree', 'one\nthe new word\nthree'))).toEqual([
      'one | one',
      'the [old] word | the [new] word',
      'three | three',
    ]);
  });

  it('have empty places where one has more', () => {
    expect(show(diffRows('a\nc', 'a\nb\nc'))).toEqual(['a | a', '- | [b]', 'c | c']);
    expect(show(diffRows('a\nb\nc', 'a\nc'))).toEqual(['a | a', '[b] | -', 'c | c']);
    expect(show(diffRows('', 'a'))).toEqual(['- | [a]']);
  });

  it('number their own lines', () => {
    const last = diffRows('a\nz', 'a\nb\nc\nz').at(-1);
    expect([last?.left?.line, last?.right?.line]).toEqual([2, 4]);
  });

  it('can be put together again from their rows', () => {
    const [old, fresh] = ['x\ny y\nz\n1\n2\n3', 'x\ny\nq\nz\n1\n3\n4'];
    const rows = diffRows(old, fresh);
    const join = (side: 'left' | 'right'): string =>
      rows.flatMap((row) => row[side]?.runs.map(({ text }) => text).join('') ?? []).join('\n');
    expect([join('left'), join('right')]).toEqual([old, fresh]);
  });

  it('without anything in common are shown as such', () => {
    const many = (word: string): string =>
      Array.from({ length: 4_000 }, (_, n) => `${word}${n}`).join('\n');
    const rows = diffRows(many('a'), many('b'));
    expect(rows).toHaveLength(4_000);
  });
});

describe('gaps', () => {
  const lines = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

  it('take what is far from a change', () => {
    const old = lines(20);
    const fresh = old.with(10, 'x');
    const rows = withGaps(diffRows(old.join('\n'), fresh.join('\n')), 2);
    expect(rows.map((row) => (row.kind === 'gap' ? row.rows.length : row.kind))).toEqual([
      8,
      'same',
      'same',
      'changed',
      'same',
      'same',
      7,
    ]);
  });

  it('of one line are not worth it', () => {
    const old = lines(3);
    const rows = withGaps(diffRows(old.join('\n'), old.with(0, 'x').join('\n')), 1);
    expect(rows.every(({ kind }) => kind !== 'gap')).toBe(true);
  });
});
