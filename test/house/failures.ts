import { isTest, type Source } from './source.ts';

/** How many cases each section of the catalogue has; of those on malice, F and G, the page does not tell. */
const CASES: Readonly<Record<string, number>> = { A: 37, B: 23, C: 40, D: 25, E: 19 };
const MALICE: Readonly<Record<string, number>> = { F: 30, G: 13 };

const numbered = ([section, count]: [string, number]): string[] =>
  Array.from({ length: count }, (_, n) => `${section}${String(n + 1).padStart(2, '0')}`);

export const NUMBERS: readonly string[] = Object.entries(CASES).flatMap(numbered);
const ALL = new Set([...NUMBERS, ...Object.entries(MALICE).flatMap(numbered)]);

export interface Row {
  readonly number: string;
  /** Where it is tested: a file, and the title of a test in it. */
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  /** Why it cannot happen here. */
  readonly excuse: string | undefined;
  /** What a user sees. */
  readonly seen: string;
}

/** The lines of the page's tables: number, case, tests, what is seen. */
export function rowsOf(page: string): Row[] {
  return page.split('\n').flatMap((line) => {
    const [, number = '', , where = '', seen = ''] = line.split('|').map((cell) => cell.trim());
    if (!/^[A-Z]\d\d$/.test(number)) return [];
    const excuse = /^Does not apply: (.+)$/.exec(where)?.[1];
    const tests = where.split('<br>').flatMap((one) => {
      const { 1: file = '', 2: title = '' } = /^`([^`]+)`: (.+)$/.exec(one) ?? [];
      return file === '' ? [] : [{ file, title: title.replaceAll('&#124;', '|') }];
    });
    return [{ number, tests, excuse, seen }];
  });
}

/** Every case has one row; every row has a test that bears its number and is there. */
export function unshownCases(page: string, sources: readonly Source[]): string[] {
  const rows = rowsOf(page);
  const count = (number: string): number => rows.filter((row) => row.number === number).length;
  return [
    ...NUMBERS.filter((number) => count(number) !== 1).map(
      (number) => `docs/failures.md has ${count(number)} rows for ${number}, not one.`,
    ),
    ...rows.flatMap((row) => unshown(row, sources)),
  ];
}

function unshown({ number, tests, excuse, seen }: Row, sources: readonly Source[]): string[] {
  const at = `docs/failures.md, ${number},`;
  if (!NUMBERS.includes(number)) return [`${at} is no case of the catalogue.`];
  if (seen === '') return [`${at} does not say what a user sees.`];
  if (tests.length === 0) return excuse === undefined ? [`${at} names no test.`] : [];
  return tests.flatMap(({ file, title }) => {
    const source = sources.find(({ path }) => path === file);
    if (source === undefined) return [`${at} names ${file}, which is not there.`];
    if (!title.includes(`[${number}]`)) return [`${at} names a test without its number: ${title}`];
    return source.text.includes(title) ? [] : [`${at} names a test that ${file} has not: ${title}`];
  });
}

/** Numbers that tests bear, and no case has. */
export function unknownNumbers({ path, text }: Source): string[] {
  if (!isTest(path) || path.startsWith('test/house/')) return [];
  const numbers = new Set(
    [...text.matchAll(/\[([A-G]\d\d)\]/g)].map(({ 1: number = '' }) => number),
  );
  return [...numbers]
    .filter((number) => !ALL.has(number))
    .map((number) => `${path} bears ${number}, which is no case of the catalogue.`);
}
