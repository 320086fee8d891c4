import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  deadLinks,
  failureCodes,
  missingFiles,
  undocumentedCodes,
  unlistedDecisions,
} from './documents.ts';
import { ROOT, readSources } from './source.ts';

const sources = readSources();
const textOf = (path: string): string => sources.find((each) => each.path === path)?.text ?? '';
const isThere = (path: string): boolean => existsSync(join(ROOT, path));

describe('links', () => {
  const there = { path: 'docs/b.md', text: '# One `two`, three\n\n## Again\n\n## Again\n' };
  const dead = (text: string): number =>
    deadLinks({ path: 'docs/a.md', text }, [there], (path) => path === there.path).length;

  it.each(['[b](c.md)', '[b](../b.md)', '[b](b.md#four)', 'See [b](b.md "title") and [c](<c.md>)'])(
    'that lead nowhere are found: %j',
    (text) => {
      expect(dead(text)).toBe(1);
    },
  );

  it.each([
    '[b](b.md)',
    '[b](b.md#one-two-three)',
    '[b](b.md#again-1)',
    '[b](https://example.org/c.md)',
    '`[b](c.md)`',
    '```\n[b](c.md)\n```\n',
  ])('that lead somewhere, or are none, are let be: %j', (text) => {
    expect(dead(text)).toBe(0);
  });

  it('all lead somewhere here', () => {
    expect(sources.flatMap((page) => deadLinks(page, sources, isThere))).toEqual([]);
  });
});

describe('files that a page names', () => {
  it('must be there', () => {
    const page = { path: 'docs/a.md', text: 'See `src/gone.ts` and `src/core/`.\n' };
    expect(missingFiles(page, (path) => path === 'src/core')).toEqual([
      'docs/a.md:1 names src/gone.ts, which is not there.',
    ]);
  });

  it('are there', () => {
    expect(sources.flatMap((page) => missingFiles(page, isThere))).toEqual([]);
  });
});

describe('error codes', () => {
  const failures = textOf('src/protocol/failure.ts');

  it('are read from the table', () => {
    const text =
      'export const FAILURES = {\n  a: { status: 400 },\n  b_c: {\n    d: 1,\n  },\n} as const;\n';
    expect(failureCodes(text)).toEqual(['a', 'b_c']);
    expect(undocumentedCodes(text, 'There is `a`.')).toHaveLength(1);
  });

  it('are all in docs/protocol.md', () => {
    expect(failureCodes(failures).length).toBeGreaterThan(10);
    expect(undocumentedCodes(failures, textOf('docs/protocol.md'))).toEqual([]);
  });
});

describe('decision records', () => {
  it('are found when they are not listed, twice numbered or misnamed', () => {
    const paths = ['0001-a.md', '0001-b.md', '2-c.md', 'README.md'].map(
      (name) => `docs/decisions/${name}`,
    );
    expect(unlistedDecisions(paths, '[a](0001-a.md)')).toHaveLength(3);
  });

  it('are all listed here', () => {
    const paths = sources.map(({ path }) => path);
    expect(unlistedDecisions(paths, textOf('docs/decisions/README.md'))).toEqual([]);
  });
});
