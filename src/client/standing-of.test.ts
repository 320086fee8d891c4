import { expect, it } from 'vitest';
import { STANDINGS, standingOf } from './standing-of.ts';

it.each([
  ['a', 'a', 'a', 'in_sync'],
  ['a', 'a', undefined, 'in_sync'],
  [undefined, undefined, 'a', 'nowhere'],
  ['a', undefined, undefined, 'new_here'],
  [undefined, 'a', undefined, 'new_there'],
  ['b', 'a', 'a', 'edited_here'],
  ['a', 'b', 'a', 'edited_there'],
  ['b', 'c', 'a', 'edited_on_both'],
  ['b', 'c', undefined, 'edited_on_both'],
  [undefined, 'a', 'a', 'deleted_here'],
  ['a', undefined, 'a', 'deleted_there'],
] as const)('here %s, there %s, agreed %s: %s', (...[here, there, agreed, standing]) => {
  expect(standingOf({ here, there, agreed })).toBe(standing);
  expect(STANDINGS[standing]).toMatch(/\.$/);
});
