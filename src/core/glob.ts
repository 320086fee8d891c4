import { ANY, STAR, type Token, tokenize } from './glob-tokens.ts';

/** Whether one name, without a slash, fits a pattern. */
export type NameMatcher = (name: string) => boolean;

/** Any number of names in a path, none included. */
export const DEEP = 'deep';

/** A pattern cut at its slashes; never DEEP twice in a row. */
export type PathGlob = readonly (NameMatcher | typeof DEEP)[];

/**
 * Compiles a shell pattern as git reads it: `*` `?` `[a-z]` `[!a]` `[[:alpha:]]` `\x`, and `**`
 * alone between slashes. Undefined: it can match nothing (a bracket that is not closed, an escaped
 * nothing). Unlike git it counts characters, not bytes: `?` is one `é`.
 *
 * No regular expressions: a match costs at most the pattern's length times the text's.
 */
export function compileGlob(pattern: string): PathGlob | undefined {
  const names = tokenize(pattern);
  const glob = names?.map((tokens) => (isDeep(tokens) ? DEEP : nameMatcher(tokens)));
  return glob?.filter((part, place) => part !== DEEP || glob[place - 1] !== DEEP);
}

/**
 * How far a walk down a path has come in a glob: the places in it, ascending, that the names so far
 * lead to. To know them all, instead of trying one after the other, bounds the walk's cost: at most
 * the glob's length a name.
 */
export type Progress = readonly number[];

/** Before the first name. */
export const begin = (glob: PathGlob): Progress => (glob[0] === DEEP ? [0, 1] : [0]);

/** After one name more. */
export function advance(glob: PathGlob, progress: Progress, name: string): Progress {
  if (progress.length === 0) return progress;
  const next: number[] = [];
  const reach = (place: number): void => {
    if (place > (next.at(-1) ?? -1)) next.push(place);
  };
  for (const place of progress) {
    const matcher = glob[place];
    const to = matcher === DEEP ? place : matcher?.(name) ? place + 1 : undefined;
    if (to === undefined) continue;
    reach(to);
    if (glob[to] === DEEP) reach(to + 1);
  }
  return next;
}

/** Whether the names so far fit the whole glob. */
export const arrived = (glob: PathGlob, progress: Progress): boolean =>
  progress.at(-1) === glob.length;

const isDeep = (tokens: readonly Token[]): boolean =>
  tokens.length >= 2 && tokens.every((token) => token === STAR);

/** The quickest matcher that will do: most patterns are a name, `*.tmp`, `tmp-*` or `*`. */
function nameMatcher(tokens: readonly Token[]): NameMatcher {
  const whole = literalOf(tokens);
  if (whole !== undefined) return (name) => name === whole;
  const end = tokens[0] === STAR ? literalOf(tokens.slice(1)) : undefined;
  if (end !== undefined) return (name) => name.endsWith(end);
  const start = tokens.at(-1) === STAR ? literalOf(tokens.slice(0, -1)) : undefined;
  if (start !== undefined) return (name) => name.startsWith(start);
  return (name) => matchName(tokens, name);
}

/** The text of tokens that are all literal. */
function literalOf(tokens: readonly Token[]): string | undefined {
  let text = '';
  for (const token of tokens) {
    if (typeof token !== 'number' || token < 0) return undefined;
    text += String.fromCodePoint(token);
  }
  return text;
}

/** Only the last `*` ever needs to take more: what fits after an earlier one fits after it too. */
function matchName(tokens: readonly Token[], name: string): boolean {
  let part = 0;
  let at = 0;
  let star = -1;
  let mark = 0;
  while (at < name.length) {
    const token = tokens[part];
    const character = name.codePointAt(at) ?? 0;
    if (token === STAR) {
      star = part;
      mark = at;
      part += 1;
    } else if (token !== undefined && matchCharacter(token, character)) {
      part += 1;
      at += width(character);
    } else {
      if (star < 0) return false;
      part = star + 1;
      mark += width(name.codePointAt(mark) ?? 0);
      at = mark;
    }
  }
  while (tokens[part] === STAR) part += 1;
  return part === tokens.length;
}

/** UTF-16 code units of a code point. */
const width = (character: number): number => (character > 0xffff ? 2 : 1);

function matchCharacter(token: Token, character: number): boolean {
  if (typeof token === 'number') return token === ANY || token === character;
  const inside = token.ranges.some(([from, to]) => from <= character && character <= to);
  return inside !== token.negated;
}
