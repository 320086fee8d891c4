import { expect, it } from 'vitest';
import { fileKind, iconOf } from './file-kind.ts';

it.each([
  ['A.JPG', 'image'],
  ['notes.md', 'markdown'],
  ['main.rs', 'text'],
  ['backup.tar.gz', 'archive'],
  ['unknown', 'other'],
])('%s is shown as %s', (name, kind) => {
  expect(fileKind(name)).toBe(kind);
});

it('directories and symlinks have icons of their own', () => {
  expect(iconOf({ kind: 'directory', name: 'a.jpg' })).toBe('directory');
  expect(iconOf({ kind: 'symlink', name: 'a.jpg' })).toBe('symlink');
});
