import { bareCode } from './mask.ts';
import { isCode, isTest, lineAt, type Source } from './source.ts';

const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 70;

export function longFile({ path, text }: Source): string[] {
  const lines = text.trimEnd().split('\n').length;
  if (!isCode(path) || lines <= LONGEST_FILE) return [];
  return [
    `${path} has ${lines} lines; ${LONGEST_FILE} are the most. ` +
      'Give its second subject a file of its own.',
  ];
}

/** A suite (a function that declares tests) is a list and may be as long as its file. */
export function longFunctions(source: Source): string[] {
  const { path } = source;
  if (!isCode(path) || path.endsWith('.tsx')) return [];
  return functionsIn(source)
    .filter(({ lines, isSuite }) => lines > LONGEST_FUNCTION && !(isSuite && isTest(path)))
    .map(
      ({ name, line, lines }) =>
        `${path}:${line} ${name} has ${lines} lines; ${LONGEST_FUNCTION} are the most. ` +
        'Let it tell the story, and let each step be a function below it.',
    );
}

export interface Measured {
  readonly name: string;
  /** Where its parameters begin, counted from 1. */
  readonly line: number;
  readonly lines: number;
  readonly isSuite: boolean;
}

/** Every function of a TypeScript file: declared, arrow or method; a function inside another counts in both. */
export function functionsIn(source: Source): Measured[] {
  const code = bareCode(source);
  const partners = partnersIn(code);
  const found = [...arrowsIn(code, partners), ...blocksIn(code, partners)];
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({
      name: nameBefore(code, start),
      line: lineAt(code, start),
      lines: lineAt(code, end) - lineAt(code, start) + 1,
      isSuite: /\b(?:describe|it|test)(?:\.\w+)*\(/.test(code.slice(start, end)),
    }));
}

/** From the first character of the parameters to the last of the body. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** For every bracket where its other half is. */
function partnersIn(code: string): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: bracket, index } of code.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(bracket)) {
      open.push(index);
      continue;
    }
    const start = open.pop() ?? 0;
    partners.set(start, index).set(index, start);
  }
  return partners;
}

function arrowsIn(code: string, partners: Map<number, number>): Span[] {
  return [...code.matchAll(/=>\s*/g)].map(({ 0: arrow, index }) => {
    const last = code.slice(0, index).trimEnd().length - 1;
    const name = /[\w$]+$/.exec(code.slice(0, last + 1))?.[0] ?? '';
    const start = partners.get(last) ?? last + 1 - name.length;
    return { start, end: bodyEnd(code, index + arrow.length, partners) };
  });
}

/** Where an arrow's body ends: its closing brace, or the last character of its one expression. */
function bodyEnd(code: string, from: number, partners: Map<number, number>): number {
  if (code[from] === '{') return partners.get(from) ?? from;
  let at = from;
  while (at < code.length && !';,)]}'.includes(code.charAt(at))) at = (partners.get(at) ?? at) + 1;
  return code.slice(0, at).trimEnd().length - 1;
}

const NO_FUNCTION = /\b(?:if|for|while|switch|catch|await)\s*$/;

/** Bodies of functions and methods: the blocks that follow parameters. */
function blocksIn(code: string, partners: Map<number, number>): Span[] {
  return [...code.matchAll(/\)\s*\{/g)].flatMap(({ 0: text, index }) => {
    const start = partners.get(index) ?? index;
    if (NO_FUNCTION.test(code.slice(0, start))) return [];
    const end = partners.get(index + text.length - 1) ?? index;
    return [{ start, end }];
  });
}

function nameBefore(code: string, start: number): string {
  const before = code
    .slice(Math.max(0, start - 300), start)
    .replace(/\b(?:async|function)\b\s*\*?/g, ' ')
    .trimEnd();
  const own = /([\w$#]+)(?:\s*[:=])?$/.exec(before)?.[1];
  if (own !== undefined && own !== 'return') return own;
  const taker = /([\w$.]+)\([^()]*$/.exec(before)?.[1];
  return taker === undefined ? 'a function' : `a function given to ${taker}`;
}
