import { describe, expect, it } from 'vitest';
import { functionsIn, longFile, longFunctions } from './lengths.ts';
import { readSources } from './source.ts';

const lines = (count: number): string => '  step();\n'.repeat(count);
const file = (text: string, path = 'src/core/a.ts') => ({ path, text });
const long = (text: string, path?: string): string[] => longFunctions(file(text, path));

describe('the length of a file', () => {
  it('is at most 400 lines', () => {
    expect(longFile({ path: 'src/core/a.ts', text: lines(400) })).toEqual([]);
    expect(longFile({ path: 'test/a.test.ts', text: lines(401) })).toHaveLength(1);
  });

  it('holds here', () => {
    expect(readSources().flatMap(longFile)).toEqual([]);
  });
});

describe('the length of a function', () => {
  it.each([
    ['merge', (body: string) => `export async function merge(a: A): Promise<B> {\n${body}}\n`],
    [
      'merge',
      (body: string) => `const merge = async <T>(a: T): Promise<{ b: T }> => {\n${body}};\n`,
    ],
    ['merge', (body: string) => `class A {\n  async *merge(a: { b: C }): D {\n${body}}\n}\n`],
    ['merge', (body: string) => `const a = {\n  merge(b) {\n${body}},\n};\n`],
    ['a function given to setTimeout', (body: string) => `setTimeout(() => {\n${body}}, 5);\n`],
  ])('of %s is at most 70 lines (form %#)', (name, make) => {
    expect(long(make(lines(68)))).toEqual([]);
    expect(long(make(lines(69)))).toEqual([expect.stringContaining(` ${name} has 71 lines`)]);
  });

  it('counts the lines of parameters, and of a body that is one expression', () => {
    const parameters = `function a({\n${'  b,\n'.repeat(70)}}: B): void {}\n`;
    const expression = `const a = (b: B) =>\n  b\n${'    .then(step)\n'.repeat(70)};\nconst c = 1;\n`;
    expect(long(parameters)).toHaveLength(1);
    expect(functionsIn(file(expression)).map((each) => each.lines)).toEqual([72]);
  });

  it('is not deceived by brackets in strings, templates, regular expressions and comments', () => {
    const text = [
      'function a() {',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the text of a program.
      '  const b = \'}\' + "{" + `}${c({ d: `${e}}` })}{` + 6 / 2; // }',
      '  /* } */ return b.split(/[}/]\\}/).map((x) => x / 2);',
      '}',
      'if (a()) {',
      '}',
    ].join('\n');
    expect(functionsIn(file(text))).toMatchObject([
      { name: 'a', line: 1, lines: 4 },
      { name: 'a function given to .map', line: 3, lines: 1 },
    ]);
  });

  it('of a suite is that of its file, but its tests are functions', () => {
    const suite = (body: string) => `describe('a', () => {\n  it('b', () => {\n${body}  });\n});\n`;
    const padded = `describe('a', () => {\n${"  it('b', () => {});\n".repeat(80)}});\n`;
    expect(long(padded, 'src/core/a.test.ts')).toEqual([]);
    expect(long(suite(lines(80)), 'src/core/a.test.ts')).toHaveLength(1);
  });

  it('holds here', () => {
    expect(readSources().flatMap(longFunctions)).toEqual([]);
  });
});
