import { describe, expect, it } from 'vitest';
import { ambientWorld } from './purity.ts';
import { readSources } from './source.ts';

const found = (text: string, path = 'src/core/a.ts'): number => ambientWorld({ path, text }).length;

describe('the core is pure', () => {
  it.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Math.random();',
    'export async function a(): Promise<void> {}',
    'setTimeout(a, 5);',
    'console.log(a);',
  ])('so it may not say %s', (text) => {
    expect(found(text)).toBe(1);
    expect(found(text, 'src/client/a.ts')).toBe(0);
  });

  it.each(['const a = new Date(mtime);', '// Date.now() is for others', "const a = 'await x';"])(
    'but it may say %s',
    (text) => {
      expect(found(text)).toBe(0);
    },
  );

  it('is kept here', () => {
    expect(readSources().flatMap(ambientWorld)).toEqual([]);
  });
});
