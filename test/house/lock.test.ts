import { describe, expect, it } from 'vitest';
import { type Lock, missingFromLock } from './lock.ts';
import { readSources } from './source.ts';

describe('the lock', () => {
  it('is found incomplete when a package for another system is not in it', () => {
    const lock: Lock = {
      packages: {
        '': { version: '1.0.0' },
        'node_modules/a': {
          version: '1.0.0',
          optionalDependencies: { b: '1.0.0', c: '1.0.0', d: '1.0.0' },
        },
        'node_modules/a/node_modules/b': { version: '1.0.0' },
        'node_modules/c': { version: '1.0.0' },
      },
    };
    expect(missingFromLock(lock)).toEqual([
      { name: 'd', version: '1.0.0', neededBy: 'node_modules/a' },
    ]);
  });

  it('is complete here (else: node bin/run.js test/house/complete-lock.ts)', () => {
    const text =
      readSources().find(({ path }) => path === 'package-lock.json')?.text ?? '{"packages":{}}';
    const lock: Lock = JSON.parse(text);
    expect(Object.keys(lock.packages).length).toBeGreaterThan(50);
    expect(missingFromLock(lock)).toEqual([]);
  });
});
