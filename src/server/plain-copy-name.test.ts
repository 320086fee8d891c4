import { expect, it } from 'vitest';
import { conflictName, isConflictName, parseConflictName } from '../core/conflict-name.ts';
import { byteLength } from '../core/name.ts';
import { plainCopyName } from './plain-copy-name.ts';

it.each([
  ['report.txt', 1, 'report (Anna).txt'],
  ['report.txt', 2, 'report (Anna 2).txt'],
  ['archive.tar.gz', 1, 'archive.tar (Anna).gz'],
  ['.bashrc', 1, '.bashrc (Anna)'],
  ['..a', 1, '..a (Anna)'],
  ['docs', 12, 'docs (Anna 12)'],
  ['a. b', 1, 'a. b (Anna)'],
  ['a.b', 1, 'a (Anna).b'],
])('%j, the %i. time, is %j', (original, attempt, name) => {
  expect(plainCopyName({ original, client: 'Anna', attempt })).toBe(name);
});

it('is no conflict copy any more, and no longer than the copy was', () => {
  for (const name of ['x'.repeat(255), 'ü'.repeat(127), 'a (conflict, Ben).txt', 'a.txt']) {
    const copy = conflictName({ name, client: 'Anna (2), the first', time: 0 });
    const { original = '', client = '' } = parseConflictName(copy) ?? {};
    const plain = plainCopyName({ original, client, attempt: 999 });
    expect(isConflictName(plain)).toBe(false);
    expect(byteLength(plain)).toBeLessThanOrEqual(byteLength(copy));
  }
});
