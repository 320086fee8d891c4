import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isWordLeft, readWord, removeWord, writeWord } from './word-file.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('[S16] keeps the words on several holds, and of two on one the later', () => {
  const path = join(directory, 'deep', 'word.json');
  expect([isWordLeft(path), readWord(path)]).toEqual([false, undefined]);
  writeWord(path, { a: 'approve', b: 'undo' });
  writeWord(path, { a: 'undo', c: 'approve' });
  expect(readWord(path)).toEqual({ a: 'undo', b: 'undo', c: 'approve' });
  expect(readdirSync(join(directory, 'deep'))).toEqual(['word.json']);
  removeWord(path);
  removeWord(path);
  expect(isWordLeft(path)).toBe(false);
});

it('[S16] what cannot be read says nothing', () => {
  const path = join(directory, 'word.json');
  for (const text of ['', '{', '{"holds":3}', '{"holds":{"a":"maybe"}}', 'null']) {
    writeFileSync(path, text);
    expect(Object.keys(readWord(path) ?? {})).toEqual([]);
  }
});
