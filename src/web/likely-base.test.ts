import { expect, it } from 'vitest';
import { likelyBase } from './likely-base.ts';

const text = (...lines: readonly (string | number)[]) => lines.map((line) => `${line}\n`).join('');
const V1 = text(1, 2, 3, 4, 5, 6);
const V2 = text(1, 'two', 3, 4, 5, 6);
const V3 = text(1, 'two', 3, 4, 'five', 6);
const all = [V1, V2, V3].map((each) => ({ text: each }));

it('what was edited while others went on came from the version before they did', () => {
  const apart = text(0, 1, 2, 3, 4, 5, 6);
  expect(likelyBase(all, { left: V3, right: apart })?.text).toBe(V1);
  expect(likelyBase(all, { left: apart, right: V3 })?.text).toBe(V1);
});

it('what holds their first edit came from after it', () => {
  const apart = text(0, 1, 'two', 3, 4, 5, 6);
  expect(likelyBase(all, { left: V3, right: apart })?.text).toBe(V2);
});

it('older versions are further away', () => {
  const older = [{ text: text('a', 'b', 3, 4, 5, 6) }, ...all];
  expect(likelyBase(older, { left: V3, right: text(1, 2, 3, 4, 5, 'six') })?.text).toBe(V1);
});

it('two files that were made apart came from none', () => {
  expect(likelyBase(all, { left: V3, right: text('x', 'y', 'z') })).toBeUndefined();
  expect(likelyBase([], { left: V3, right: V2 })).toBeUndefined();
});
