import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'RESULTS.md';
const PART = /<!-- part: ([\w-]+) -->\n[\s\S]*?<!-- end of part -->\n/g;

/** What is measured by itself has a part of the results of its own: no other run takes it away. */
export function withPart(text: string, name: string, part: string): string {
  const parts = partsIn(text);
  parts.set(name, `<!-- part: ${name} -->\n${part}\n<!-- end of part -->\n`);
  return joined(mainOf(text) || '# Results\n', parts);
}

/** Another main part, with the others as they are. */
export const withMain = (text: string, main: string): string => joined(main, partsIn(text));

const partsIn = (text: string): Map<string, string> =>
  new Map([...text.matchAll(PART)].map(([whole, name = '']) => [name, whole]));

const mainOf = (text: string): string => text.replace(PART, '').trimEnd();

const joined = (main: string, parts: ReadonlyMap<string, string>): string =>
  [`${main.trimEnd()}\n`, ...[...parts].sort().map(([, part]) => part)].join('\n');

/** Writes a part of the results into a directory, beside those that are there. */
export function writePart(out: string, name: string, part: string): void {
  write(out, (text) => withPart(text, name, part));
}

export function writeMain(out: string, main: string): void {
  write(out, (text) => withMain(text, main));
}

function write(out: string, change: (text: string) => string): void {
  mkdirSync(out, { recursive: true });
  const file = join(out, NAME);
  writeFileSync(file, change(existsSync(file) ? readFileSync(file, 'utf8') : ''));
}
