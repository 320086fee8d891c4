import { describe, expect, it } from 'vitest';
import { FileInfo } from './file-info.ts';
import { fits, parseKnown } from './parse.ts';

const info = {
  path: 'docs/a.txt',
  size: 5,
  checksum: 'ab'.repeat(32),
  modified_time: '2024-01-02T03:04:05.678Z',
  is_directory: false,
};

describe('FileInfo', () => {
  it('takes a file, with or without is_directory', () => {
    const { is_directory: _, ...without } = info;
    expect(fits(FileInfo, info)).toBe(true);
    expect(fits(FileInfo, without)).toBe(true);
  });

  it('takes a directory with an empty checksum, but no file with one', () => {
    expect(fits(FileInfo, { ...info, checksum: '', is_directory: true })).toBe(true);
    expect(fits(FileInfo, { ...info, checksum: '' })).toBe(false);
    expect(fits(FileInfo, { ...info, checksum: '', is_directory: undefined })).toBe(false);
  });

  it.each([
    ['path', '/etc/passwd'],
    ['path', 'a/../b'],
    ['size', -1],
    ['size', 0.5],
    ['checksum', 'ab'],
    ['checksum', 'AB'.repeat(32)],
    ['modified_time', 'now'],
    ['is_directory', 'no'],
  ])('refuses %s %j', (key, value) => {
    expect(fits(FileInfo, { ...info, [key]: value })).toBe(false);
  });

  it('drops what others add', () => {
    expect(parseKnown(FileInfo, { ...info, owner: 'root' })).toEqual(info);
  });
});
