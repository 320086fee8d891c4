import { expect, it } from 'vitest';
import { readPlace, writePlace } from './place.ts';

it.each([
  ['files', '', {}],
  ['files', 'a/b c/100%/d?e#f', { open: 'what? & why#.txt' }],
  ['rewind', 'ä/ö', { to: '12' }],
] as const)('the place %s %s is written and read', (page, path, query) => {
  const place = readPlace(writePlace(page, path, query));
  expect([place.page, place.path, Object.fromEntries(place.query)]).toEqual([page, path, query]);
});

it('what was typed wrongly is still a place', () => {
  expect(readPlace('/files/100%')).toMatchObject({ page: 'files', path: '100%' });
  expect(readPlace('')).toMatchObject({ page: '', path: '' });
});
