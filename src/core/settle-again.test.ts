import { expect, it } from 'vitest';
import { file, mergeOf } from '../../test/small-worlds/hand-made.ts';
import { ROOT } from './entry.ts';

it('[S8] [A26] a copy that had to take a second name is not made again', () => {
  const f = (bytes: string, mtime: number) => file([ROOT, 'f'], bytes, { mtime });
  const e = file([ROOT, 'f (conflict, Anna, 1970-01-01 00-00-01)'], 'earlier');
  const given = {
    synced: { f: f('old', 0), e },
    local: { f: f('here', 1000), e },
    remote: { f: f('there', 2000), e },
  };
  const made = mergeOf(given).target.get('copy1');
  if (made === undefined) throw new Error('a copy');
  expect(mergeOf({ ...given, local: { ...given.local, made } }).copies).toEqual([]);
});

it('[S8] [A26] nor when what had the first name is gone by then', () => {
  const f = (bytes: string, mtime: number) => file([ROOT, 'f'], bytes, { mtime });
  const e = file([ROOT, 'f (conflict, Anna, 1970-01-01 00-00-01)'], 'earlier');
  const synced = { f: f('old', 0), e };
  const remote = { f: f('there', 2000), e };
  const made = mergeOf({ synced, local: { f: f('here', 1000), e }, remote }).target.get('copy1');
  if (made === undefined) throw new Error('a copy');
  expect(mergeOf({ synced, local: { f: f('here', 1000), made }, remote }).copies).toEqual([]);
});

it('[S8] [X7] nor the copy of a node that steps aside', () => {
  const synced = { f: file([ROOT, 'f.txt'], 'old') };
  const local = { f: file([ROOT, 'g.txt'], 'here', { mtime: 1000 }) };
  const remote = {
    f: file([ROOT, 'f.txt'], 'there', { mtime: 2000 }),
    g: file([ROOT, 'g.txt'], 'g'),
  };
  const made = mergeOf({ synced, local, remote }).target.get('copy1');
  if (made === undefined) throw new Error('a copy');
  expect(mergeOf({ synced, local: { ...local, made }, remote }).copies).toEqual([]);
});
