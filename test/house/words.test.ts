import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';
import { leftOvers, machinePlaces, synonyms, unprovenTests } from './words.ts';

const sources = readSources();
const below = (top: string) => `/${top}/a/b`;
const file = (path: string, text: string) => ({ path, text });

describe('one word for one thing', () => {
  it.each([
    'a blob',
    'blobStore',
    'BlobStore',
    'node_revision',
    'fileRevisions',
    'Deltas',
    'a tombstone',
  ])('finds "%s"', (text) => {
    expect(synonyms(file('src/core/a.ts', `const x = 1; // ${text}\n`))).toHaveLength(1);
    expect(synonyms(file('docs/a.md', text))).toHaveLength(1);
  });

  it.each(['checksum BLOB NOT NULL', 'await answer.blob()', 'new Blob([bytes])', 'chunks'])(
    'lets "%s" be',
    (text) => {
      expect(synonyms(file('src/core/a.ts', text))).toEqual([]);
    },
  );

  it('names the place and our word', () => {
    expect(synonyms(file('docs/a.md', 'One.\nA delta.\n'))).toEqual([
      'docs/a.md:2 says "delta". Our word is change.',
    ]);
  });

  it('holds here', () => {
    expect(sources.flatMap(synonyms)).toEqual([]);
  });
});

describe('what is left over', () => {
  it.each(['// TODO', '/* FIXME: later */', '# XXX'])('is found: %s', (text) => {
    expect(leftOvers(file('src/core/a.ts', text))).toHaveLength(1);
  });

  it('is nowhere here', () => {
    expect(sources.flatMap(leftOvers)).toEqual([]);
  });
});

describe('tests', () => {
  it.each(['it.skip(', 'describe.only(', 'test.todo(', 'it.skipIf(x)(', 'ctx.skip()', 'vi.mock('])(
    'may not use %s',
    (text) => {
      expect(unprovenTests(file('src/core/a.test.ts', text))).toHaveLength(1);
    },
  );

  it('may still divide, filter and repeat', () => {
    const text = "it.each([1])('a', () => {});\nconst b = rows.skip(2);\n";
    expect(unprovenTests(file('src/core/a.test.ts', text))).toEqual([]);
  });

  it('all run here, on the real thing', () => {
    expect(sources.flatMap(unprovenTests)).toEqual([]);
  });
});

describe('places of one machine', () => {
  it.each([
    `cd ${below('work')}`,
    `'${below('root')}'`,
    'https://registry.example.org/',
    '"resolved": "https://a"',
  ])('are found: %s', (text) => {
    expect(machinePlaces(file('docs/a.md', text))).toHaveLength(1);
  });

  it.each(['/home/ada/work/notes', 'registry.metrics()', 'http://localhost:8000'])(
    'are not seen in %s',
    (text) => {
      expect(machinePlaces(file('docs/a.md', text))).toEqual([]);
    },
  );

  it('are nowhere here', () => {
    expect(sources.flatMap(machinePlaces)).toEqual([]);
  });
});
