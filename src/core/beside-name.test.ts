import { expect, it } from 'vitest';
import { besideName } from './beside-name.ts';
import { byteLength, checkName, MAX_NAME_BYTES } from './name.ts';

const file = (name: string, attempt = 1) =>
  besideName({ name, kind: 'file', mark: 'restored', attempt });

it('has the mark before the extension, and counts', () => {
  expect(file('report.txt')).toBe('report (restored).txt');
  expect(file('report.txt', 2)).toBe('report (restored 2).txt');
  expect(file('archive.tar.gz')).toBe('archive.tar (restored).gz');
  expect(file('Makefile')).toBe('Makefile (restored)');
  expect(file('.bashrc')).toBe('.bashrc (restored)');
  expect(file('a.b c')).toBe('a.b c (restored)');
  expect(besideName({ name: 'v1.2', kind: 'directory', mark: 'rewound' })).toBe('v1.2 (rewound)');
});

it('is shortened to what a name may have', () => {
  for (const name of ['x'.repeat(255), `${'ü'.repeat(125)}.txt`, `${'🎉'.repeat(63)}.gz`]) {
    const beside = file(name, 12);
    expect(checkName(beside)).toBeUndefined();
    expect(byteLength(beside)).toBeGreaterThan(MAX_NAME_BYTES - 4);
    expect(beside).toMatch(/ \(restored 12\)(?:\.txt|\.gz)?$/);
  }
});
