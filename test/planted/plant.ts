import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../house/source.ts';

/** One mistake, as somebody might make it. */
export interface Plant {
  /** Of the page, and to choose it by: kebab-case. */
  readonly name: string;
  /** From the checkout, with `/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then, for a reader of the page. */
  readonly wrong: string;
  /** Suites to try before those of its room, by a part of their path. */
  readonly first?: readonly string[];
}

/** The file with the mistake in it. Throws where the text to find is not there exactly once. */
export function plantedText({ name, file, find, replace }: Plant, root = ROOT): string {
  const parts = readFileSync(join(root, file), 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`${name}: its text is ${parts.length - 1} times in ${file}, not once.`);
  }
  return parts.join(replace);
}
