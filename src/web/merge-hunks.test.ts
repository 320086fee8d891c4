import { expect, it } from 'vitest';
import { hunksOf, mergedText, typedOver } from './merge-hunks.ts';

const left = 'title\r\nanna 1\nanna 2\nsame\n';
const right = 'title\r\nben\nsame\nmore';

it('a choice of one side throughout is that side, byte for byte', () => {
  const hunks = hunksOf(left, right);
  expect(mergedText(hunks, ['left', 'left'])).toBe(left);
  expect(mergedText(hunks, ['right', 'right'])).toBe(right);
});

it('both keeps every line, and each on its own', () => {
  const hunks = hunksOf(left, right);
  expect(mergedText(hunks, ['both', 'both'])).toBe('title\r\nanna 1\nanna 2\nben\nsame\nmore');
  expect(mergedText(hunksOf('a', 'b'), ['both'])).toBe('a\nb');
});

it('what is equal asks nothing', () => {
  expect(hunksOf('a\nb\n', 'a\nb\n')).toEqual([{ kind: 'same', lines: ['a\n', 'b\n'] }]);
  expect(mergedText(hunksOf('', ''), [])).toBe('');
});

it('what is typed keeps the line ends that a text has throughout', () => {
  expect(typedOver('a\r\nb\r\n', 'a\nc\n')).toBe('a\r\nc\r\n');
  expect(typedOver('a\nb\n', 'a\nc\n')).toBe('a\nc\n');
  expect(typedOver('a\r\nb\n', 'a\nc\n')).toBe('a\nc\n');
});
