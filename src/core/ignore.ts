import {
  advance,
  arrived,
  begin,
  compileGlob,
  DEEP,
  type NameMatcher,
  type PathGlob,
  type Progress,
} from './glob.ts';
import { INTERNAL_DIRECTORY } from './name.ts';

/** UTF-16 code units of one pattern. */
export const MAX_PATTERN_LENGTH = 1024;

export type PatternProblem = 'too-long' | 'unfinished';

export const PATTERN_PROBLEMS: Record<PatternProblem, string> = {
  'too-long': 'A pattern is longer than 1,024 characters.',
  unfinished: 'A pattern has a bracket that is not closed, an unknown class, or a \\ at its end.',
};

export interface RefusedPattern {
  /** The place among the lines given, from 0. */
  readonly index: number;
  readonly pattern: string;
  readonly problem: PatternProblem;
}

export interface Ignore {
  /**
   * Whether a path is ignored, by itself or because a directory above it is. The names are from the
   * folder down. The folder itself never is.
   */
  ignores(path: readonly string[], isDirectory: boolean): boolean;
  /** Lines that match nothing because they cannot be read. */
  readonly refused: readonly RefusedPattern[];
}

/**
 * The paths that are not synchronized, from lines in the syntax of `.gitignore`, of which the last
 * one that matches decides. Case matters on every system, so that all clients of a folder agree.
 * Once a directory is ignored nothing inside returns, and the internal directory is always ignored.
 */
export function ignorePatterns(lines: readonly string[]): Ignore {
  const rules: Rule[] = [];
  const refused: RefusedPattern[] = [];
  for (const [index, pattern] of lines.entries()) {
    const rule = readLine(index === 0 ? pattern.replace(/^\ufeff/, '') : pattern);
    if (typeof rule === 'string') refused.push({ index, pattern, problem: rule });
    else if (rule !== undefined) rules.push(rule);
  }
  return { ignores: follow(rules.reverse()), refused };
}

/** What one line says. */
interface Rule {
  /** A pattern with `!`: what it matches is not ignored. */
  readonly keeps: boolean;
  readonly onlyDirectories: boolean;
  readonly pattern: Pattern;
}

/** A name, wherever it is; or a path from the folder down. */
type Pattern =
  | { readonly type: 'name'; readonly matches: NameMatcher }
  | { readonly type: 'path'; readonly glob: PathGlob };

/** One name on the way down a path. */
interface Step {
  readonly name: string;
  readonly ignored: boolean;
  /** How far each rule with a path has come; NONE for the others. */
  readonly progress: readonly Progress[];
}

const NONE: Progress = [];

/**
 * Goes down a path, as a directory above decides before what is in it. The way to the last path's
 * directory is remembered: whoever asks directory by directory pays for one name a path.
 * The rules come last line first.
 */
function follow(rules: readonly Rule[]): Ignore['ignores'] {
  const way: Step[] = [];
  const progress = rules.map(({ pattern }) =>
    pattern.type === 'path' ? begin(pattern.glob) : NONE,
  );
  const folder: Step = { name: '', ignored: false, progress };
  return (path, isDirectory) => {
    if (path.length === 0) return false;
    way.length = sharedWay(way, path);
    let at = way.at(-1) ?? folder;
    for (const name of path.slice(way.length, -1)) {
      at = step(rules, at, { name, isDirectory: true });
      way.push(at);
    }
    return step(rules, at, { name: path.at(-1) ?? '', isDirectory }).ignored;
  };
}

/** How many directories of the path are on the way already. */
function sharedWay(way: readonly Step[], path: readonly string[]): number {
  let depth = 0;
  while (depth < path.length - 1 && way[depth]?.name === path[depth]) depth += 1;
  return depth;
}

interface Asked {
  readonly name: string;
  readonly isDirectory: boolean;
}

function step(rules: readonly Rule[], from: Step, { name, isDirectory }: Asked): Step {
  if (from.ignored || name === INTERNAL_DIRECTORY) return { name, ignored: true, progress: [] };
  const progress = rules.map(({ pattern }, index) =>
    pattern.type === 'path' ? advance(pattern.glob, from.progress[index] ?? NONE, name) : NONE,
  );
  const rule = rules.find(
    ({ pattern, onlyDirectories }, index) =>
      (isDirectory || !onlyDirectories) && matches(pattern, progress[index] ?? NONE, name),
  );
  return { name, ignored: rule !== undefined && !rule.keeps, progress };
}

const matches = (pattern: Pattern, progress: Progress, name: string): boolean =>
  pattern.type === 'name' ? pattern.matches(name) : arrived(pattern.glob, progress);

/** Undefined: a comment, or nothing. */
function readLine(line: string): Rule | PatternProblem | undefined {
  const text = withoutTrailingSpace(line.replace(/\r$/, '')).normalize('NFC');
  if (text.startsWith('#')) return undefined;
  if (text.length > MAX_PATTERN_LENGTH) return 'too-long';
  const keeps = text.startsWith('!');
  const onlyDirectories = text.endsWith('/');
  const body = text.slice(keeps ? 1 : 0, onlyDirectories ? -1 : undefined);
  if (body === '') return undefined;
  const pattern = compile(body);
  return pattern === undefined ? 'unfinished' : { keeps, onlyDirectories, pattern };
}

/** A pattern with a slash, other than at its end, is a path; without one, a name. */
function compile(body: string): Pattern | undefined {
  const glob = compileGlob(body.replace(/^\//, ''));
  if (glob === undefined) return undefined;
  // At its end `**` is what is inside of a directory, not the directory.
  if (body.includes('/'))
    return { type: 'path', glob: glob.at(-1) === DEEP ? [...glob, any] : glob };
  const [matcher = DEEP] = glob;
  return { type: 'name', matches: matcher === DEEP ? any : matcher };
}

const any: NameMatcher = () => true;

/** Spaces at the end count only when a backslash comes before them. */
function withoutTrailingSpace(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === ' ') continue;
    end = at + 1;
  }
  return line.slice(0, end);
}
