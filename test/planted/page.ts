import type { Plant } from './plant.ts';
import type { Failed } from './reporter.ts';
import type { Caught } from './try-plant.ts';

export interface Tried {
  readonly plant: Plant;
  readonly caught: Caught;
}

export interface Run {
  /** `2026-11-26` */
  readonly day: string;
  /** Plants that were not tried. */
  readonly left: readonly Plant[];
}

/** The page that shows which tests catch which mistake. */
export function pageOf(all: readonly Tried[], { day, left }: Run): string {
  const broad = all.filter(({ caught }) => caught.broad.length > 0).length;
  const weak = all.filter(({ caught }) => caught.broad.length === 0 && caught.own.length > 0);
  const missed = all.filter(({ caught }) => caught.broad.length + caught.own.length === 0);
  return `# Planted bugs

Do the tests find mistakes? ${all.length} single mistakes (\`test/planted/plants/\`) are made one at a time in a copy of the checkout, and the tests are run. A mistake is well caught where a test finds it that was not written for its line: small worlds, the engine's worlds, the simulation, the suites that every implementation of a port passes, the contract, real processes. It is weakly caught where only the tests beside its file do.

| | |
|---|---|
| planted | ${all.length} |
| caught | ${all.length - missed.length} (${percent(all.length - missed.length, all.length)}) |
| of these by broad tests | ${broad} (${percent(broad, all.length)}) |
| only by the tests beside the file | ${weak.length}${named(weak)} |
| not caught | ${missed.length}${named(missed)} |
| in the list, and not tried in this run | ${left.length} |

It says what is caught now, not how likely a mistake is to be caught that nobody has thought of. When they were tried for the first time, at least 21 of the first 142 were caught by the tests beside the file alone, or by none; for each of them there is a test of a whole world since, which names what people would see. Three changed nothing that anybody sees, because another check stands behind that line; others have taken their places.

Made by \`npm run planted\` on ${day}. It takes long; \`npm run planted -- WORD …\` tries only those with such a word in name or file, and writes no page. A run of suites ends at the third test that fails, so the lists below are beginnings, not all there is. When code changes, \`test/planted/planted.test.ts\` says which entry of the list no longer fits.

${filesOf(all).map(sectionOf).join('\n\n')}
`;
}

const percent = (part: number, whole: number): string =>
  `${Math.round((1000 * part) / Math.max(whole, 1)) / 10} %`;

const named = (all: readonly Tried[]): string =>
  all.length === 0 ? '' : `: ${all.map(({ plant }) => plant.name).join(', ')}`;

type Section = readonly [file: string, tried: readonly Tried[]];

const filesOf = (all: readonly Tried[]): Section[] =>
  Object.entries(Object.groupBy(all, ({ plant }) => plant.file)).map(([file, tried = []]) => [
    file,
    tried,
  ]);

const sectionOf = ([file, tried]: Section): string => `## \`${file}\`

| mistake | caught by broad tests | caught by the tests beside it |
|---|---|---|
${tried.map(rowOf).join('\n')}`;

const rowOf = ({ plant, caught }: Tried): string =>
  `| **${plant.name}**: ${cell(plant.wrong)} | ${cellOf(caught.broad)} | ${cellOf(caught.own)} |`;

const cellOf = (failed: readonly Failed[]): string =>
  failed.length === 0
    ? '–'
    : failed.map(({ file, test }) => `${nameOf(file)}: ${cell(test)}`).join('<br>');

const nameOf = (file: string): string =>
  file.replace(/^(?:test|src)\//, '').replace('.test.ts', '');

/** Nothing in a test's name is to be a mark of the page. */
const cell = (text: string): string =>
  text.replaceAll(/[\\|`*_<>[\]]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ');
