import { expect, it } from 'vitest';
import {
  aDirectory,
  knownDirectory,
  knownFile,
  matched,
  unclear,
} from '../../test/small-worlds/looks.ts';
import { ROOT } from './entry.ts';

const known = {
  d: knownDirectory(ROOT, 'd', '1'),
  p: knownDirectory('d', 'p', '2'),
  u: knownDirectory('p', 'u', '3'),
  x: knownFile('u', 'x', '4'),
};

it.each([
  ['what is in a directory that cannot be read', [aDirectory('p', '2', [aDirectory('u', '3')])]],
  ['what is below something unclear', [aDirectory('p', '2', [unclear('u')])]],
  ['what is in a moved directory nobody looked into', [aDirectory('p', '2')]],
])('[M8] %s is not gone with the directory it was moved out of', (_, found) => {
  expect(matched({ known, visited: [{ directory: ROOT, found }] }).vanished).toEqual(['d']);
});
