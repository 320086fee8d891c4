import { expect, it } from 'vitest';
import { savedShare } from './saved-share.ts';

it.each([
  [1000, 250, 0.75],
  [1000, 1000, 0],
  [1000, 4000, 0],
  [0, 0, 0],
])('of %d bytes, stored in %d, the share %d is saved', (bytes, stored, share) => {
  expect(savedShare({ bytes, stored_bytes: stored })).toBe(share);
});
