import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ignorePatterns } from '../../src/core/ignore.ts';

interface Recorded {
  readonly version: string;
  /** Directories end with a slash. */
  readonly tree: readonly string[];
  readonly answers: readonly { readonly lines: readonly string[]; readonly ignored: string[] }[];
}

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
);

it(`decides as ${recorded.version} does, on every path of a tree, for hundreds of lists of patterns`, () => {
  expect(recorded.answers.length).toBeGreaterThan(400);
  for (const { lines, ignored } of recorded.answers) {
    const { ignores } = ignorePatterns(lines);
    const ours = recorded.tree.filter((path) => ignores(namesOf(path), path.endsWith('/')));
    expect({ lines, ignored: ours }).toEqual({ lines, ignored });
  }
});

const namesOf = (path: string): string[] => path.replace(/\/$/, '').split('/');
