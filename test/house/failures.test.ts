import { describe, expect, it } from 'vitest';
import { NUMBERS, rowsOf, unknownNumbers, unshownCases } from './failures.ts';
import { readSources } from './source.ts';

const row = (number: string, where: string, seen = 'Nothing'): string =>
  `| ${number} | the case | ${where} | ${seen} |`;
const test = { path: 'src/a.test.ts', text: "it('[A01] holds a | b', () => {});\nit('[C31]');" };

/** What is said of a page that has these rows, but for those that it has not. */
const said = (...rows: readonly string[]): string[] =>
  unshownCases(rows.join('\n'), [test]).filter((one) => !one.includes(' has 0 rows'));

describe('rows', () => {
  it('are read from the tables', () => {
    const page = `# Title\n\n| | the case |\n|---|---|\n${row('A01', '`src/a.test.ts`: [A01] x<br>`b`: [A01] y')}`;
    const tests = [
      { file: 'src/a.test.ts', title: '[A01] x' },
      { file: 'b', title: '[A01] y' },
    ];
    expect(rowsOf(page)).toEqual([{ number: 'A01', tests, excuse: undefined, seen: 'Nothing' }]);
  });

  it.each([
    row('A01', '`src/a.test.ts`: [A01] holds a &#124; b'),
    row('A01', 'Does not apply: there are none here.'),
  ])('that are well are let be: %s', (line) => {
    expect(said(line)).toEqual([]);
  });

  it.each([
    row('A01', ''),
    row('A01', '`src/a.test.ts`: [A01] holds', ''),
    row('A01', '`src/b.test.ts`: [A01] holds'),
    row('A01', '`src/a.test.ts`: [A01] does not hold'),
    row('A01', '`src/a.test.ts`: [C31]'),
    row('A38', '`src/a.test.ts`: [A01] holds'),
  ])('that are not are found: %s', (line) => {
    expect(said(line)).toHaveLength(1);
  });

  it('that are missing or doubled are found', () => {
    const line = row('A01', '`src/a.test.ts`: [A01] holds');
    expect(said(line, line)).toEqual(['docs/failures.md has 2 rows for A01, not one.']);
    expect(unshownCases(line, [test])).toHaveLength(NUMBERS.length - 1);
  });
});

describe('numbers of tests', () => {
  it('that no case has are found', () => {
    const text = "it('[A37] [A38] [E20] [F30] [G14] x')";
    expect(unknownNumbers({ path: 'src/a.test.ts', text })).toHaveLength(3);
    expect(unknownNumbers({ path: 'src/a.ts', text })).toEqual([]);
  });
});

describe('here', () => {
  const sources = readSources();
  const page = sources.find(({ path }) => path === 'docs/failures.md')?.text ?? '';

  it('every case of the catalogue has its row, and every row its tests', () => {
    expect(NUMBERS).toHaveLength(144);
    expect(unshownCases(page, sources)).toEqual([]);
  });

  it('no test bears a number that no case has', () => {
    expect(sources.flatMap(unknownNumbers)).toEqual([]);
  });
});
