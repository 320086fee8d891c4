import { expect, it } from 'vitest';
import { importRings } from './cycles.ts';
import { readSources } from './source.ts';

const file = (path: string, ...specifiers: string[]) => ({
  path,
  text: specifiers.map((specifier) => `import { x } from '${specifier}';\n`).join(''),
});

it('finds a ring of imports', () => {
  const ring = [file('a.ts', './b.ts'), file('b.ts', './c.ts'), file('c.ts', './a.ts')];
  expect(importRings(ring)).toEqual(['a.ts → b.ts → c.ts → a.ts is a ring of imports.']);
});

it('takes a diamond, or a ring of types, for what it is', () => {
  const diamond = [
    file('a.ts', './b.ts', './c.ts'),
    file('b.ts', './d.ts'),
    file('c.ts', './d.ts'),
  ];
  const types = { path: 'd.ts', text: "import type { X } from './a.ts';\n" };
  expect(importRings([...diamond, types])).toEqual([]);
});

it('finds none here', () => {
  const code = readSources().filter(({ path }) => /^(?:src|test|bench)\/.*\.tsx?$/.test(path));
  expect(importRings(code)).toEqual([]);
});
