import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { importsOf, packageOf, undeclaredPackages, wrongRooms } from './imports.ts';
import { readSources } from './source.ts';

const code = readSources().filter(({ path }) => /^src\/.*\.tsx?$/.test(path));

const wrong = (path: string, specifier: string): number =>
  wrongRooms({ path, text: `import { x } from '${specifier}';\n` }).length;

describe('import directions', () => {
  it.each([
    ['src/core/a.ts', '../protocol/b.ts'],
    ['src/core/a.ts', '../client/b.ts'],
    ['src/core/a.ts', 'typebox'],
    ['src/core/a.ts', 'node:fs'],
    ['src/core/a.test.ts', '../client/b.ts'],
    ['src/protocol/a.ts', '../server/b.ts'],
    ['src/protocol/a.ts', 'fastify'],
    ['src/client/a.ts', '../server/b.ts'],
    ['src/client/disk/a.ts', '../../web/b.ts'],
    ['src/server/a.ts', '../client/b.ts'],
    ['src/server/a.ts', '../../test/b.ts'],
    ['src/web/a.ts', '../server/b.ts'],
    ['src/web/a.ts', 'node:fs'],
  ])('%s may not import %s', (path, specifier) => {
    expect(wrong(path, specifier)).toBe(1);
  });

  it.each([
    ['src/core/a.ts', './b.ts'],
    ['src/core/a.test.ts', 'vitest'],
    ['src/protocol/a.ts', 'typebox/compile'],
    ['src/protocol/a.ts', '../core/b.ts'],
    ['src/client/a.ts', 'node:fs'],
    ['src/client/a.ts', '../protocol/b.ts'],
    ['src/client/a.test.ts', '../../test/b.ts'],
    ['src/web/a.ts', 'react'],
    ['test/a.ts', '../src/server/b.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(wrong(path, specifier)).toBe(0);
  });

  it('sees types, re-exports and dynamic imports too', () => {
    const text = [
      "import type { A } from '../server/a.ts';",
      "export { b } from '../server/b.ts';",
      "export const load = () => import('../server/c.ts');",
    ].join('\n');
    expect(importsOf({ path: 'a.ts', text }).map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(wrongRooms({ path: 'src/client/a.ts', text })).toHaveLength(3);
  });

  it('are seen in JSX, whatever its text holds', () => {
    const text = [
      "import { a } from './a.ts';",
      "const B = lazy(() => import('./b.tsx'));",
      'export const C = () => <p>it\'s from "a" / b</p>;',
    ].join('\n');
    const found = importsOf({ path: 'c.tsx', text });
    expect(found.map(({ specifier, line }) => [specifier, line])).toEqual([
      ['./a.ts', 1],
      ['./b.tsx', 2],
    ]);
  });

  it('hold here', () => {
    expect(code.flatMap(wrongRooms)).toEqual([]);
  });
});

describe('packages', () => {
  const dependencies = Object.keys(manifest.dependencies);

  it('are named without the path inside them', () => {
    expect(['@scope/a/b.js', 'a/b', 'node:fs', './a.ts'].map(packageOf)).toEqual([
      '@scope/a',
      'a',
      'node:fs',
      undefined,
    ]);
  });

  it('that are not dependencies are found', () => {
    const text = "import 'vitest';\n";
    expect(undeclaredPackages({ path: 'src/client/a.ts', text }, dependencies)).toHaveLength(1);
    expect(undeclaredPackages({ path: 'src/client/a.test.ts', text }, dependencies)).toEqual([]);
  });

  it('of the web app are bundled, so they need not be', () => {
    const text = "import 'react';\n";
    expect(undeclaredPackages({ path: 'src/web/a.tsx', text }, dependencies)).toEqual([]);
  });

  it('that ship are all dependencies', () => {
    expect(code.flatMap((source) => undeclaredPackages(source, dependencies))).toEqual([]);
  });
});
