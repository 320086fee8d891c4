import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeLarge } from './remove-large.ts';

it('removes what is large, however deep, and nothing else', () => {
  const top = mkdtempSync(join(tmpdir(), 'remove-large-'));
  try {
    mkdirSync(join(top, 'a', 'b'), { recursive: true });
    writeFileSync(join(top, 'a', 'small'), 'x');
    writeFileSync(join(top, 'a', 'b', 'large'), Buffer.alloc(5 * 1024 * 1024));
    removeLarge(top);
    removeLarge(join(top, 'none'));
    expect(readdirSync(top, { recursive: true }).toSorted()).toEqual(['a', 'a/b', 'a/small']);
  } finally {
    rmSync(top, { recursive: true });
  }
});
