import { expect, it } from 'vitest';
import { hunksWithBase } from './hunks-with-base.ts';
import { mergedText } from './merge-hunks.ts';

const base = 'title\r\n1\n2\n3\n4\nend';

it('[M9] edits of different lines are both in the text, and nothing is asked', () => {
  const left = base.replace('1', 'one');
  const right = base.replace('4', 'four').replace('end', 'end\n');
  const hunks = hunksWithBase({ base, left, right }) ?? [];
  expect(hunks.some(({ kind }) => kind === 'differs')).toBe(false);
  expect(mergedText(hunks, [])).toBe('title\r\none\n2\n3\nfour\nend\n');
});

it('[M9] what one side took away is gone, though the other left it', () => {
  const hunks = hunksWithBase({ base, left: base.replace('3\n', ''), right: base }) ?? [];
  expect(mergedText(hunks, [])).toBe('title\r\n1\n2\n4\nend');
});

it('[M9] where both changed the same lines, that alone is asked', () => {
  const left = base.replace('1', 'one').replace('4', 'vier');
  const hunks = hunksWithBase({ base, left, right: base.replace('4', 'four') }) ?? [];
  expect(hunks.filter(({ kind }) => kind === 'differs')).toMatchObject([
    { left: ['vier\n'], right: ['four\n'] },
  ]);
  expect(mergedText(hunks, ['right'])).toBe('title\r\none\n2\n3\nfour\nend');
  expect(mergedText(hunks, ['both'])).toBe('title\r\none\n2\n3\nvier\nfour\nend');
});
