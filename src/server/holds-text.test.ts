import { expect, it } from 'vitest';
import { holdsText } from './holds-text.ts';

it.each([
  ['Report.TXT', 'report', true],
  ['Report.TXT', 'RT.t', true],
  ['Report.TXT', 'x', true],
  ['Report.TXT', 'y', false],
  ['Straße', 'STRASSE', false],
  ['STRASSE', 'ß', true],
  ['\u212a', 'k', false],
  ['K', '\u212a', true],
  ['café', 'FÉ', true],
  ['cafe', 'é', false],
  ['diyarbakır', 'I', true],
  ['ı', 'I', false],
])('%j holds %j: %j', (name, text, expected) => {
  expect(holdsText(text)(name)).toBe(expected);
});
