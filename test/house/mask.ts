import { stripTypeScriptTypes } from 'node:module';
import type { Source } from './source.ts';

const LITERAL = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"/y;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y;

/** Before these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[-(,=:[!&|?{};+*%<>~^]|\b(?:return|typeof|case|in|of|void|throw|await|yield))\s*$/;

/** What a TypeScript file does, in the same lines: without types, comments and the insides of strings. */
export function bareCode({ path, text }: Source): string {
  try {
    return maskCode(stripTypeScriptTypes(text));
  } catch (cause) {
    throw new SyntaxError(`${path} cannot be read as TypeScript: ${cause}`, { cause });
  }
}

/**
 * The same code, of the same length and in the same lines, with comments and the insides of strings,
 * templates and regular expressions blanked: every bracket that is left is one of the program's own.
 */
export function maskCode(code: string): string {
  let masked = '';
  /** How many braces are open in the program itself (no matter) and in each `${` that we are inside of. */
  const open = [Number.POSITIVE_INFINITY];
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = masked.length;
    return pattern.exec(code)?.[0] ?? '';
  };

  while (masked.length < code.length) {
    const char = code.charAt(masked.length);
    if (char === '`' || (char === '}' && open.at(-1) === 0)) {
      masked += char === '`' ? '`' : ' ';
      if (char === '}') open.pop();
      const text = take(TEMPLATE);
      if (text.endsWith('${')) open.push(0);
      masked += text.endsWith('`') ? `${blank(text.slice(0, -1))}\`` : blank(text);
      continue;
    }
    const literal = take(LITERAL) || (BEFORE_REGEX.test(masked.slice(-24)) ? take(REGEX) : '');
    if (literal !== '') {
      masked += literal.startsWith('/') ? blank(literal) : `'${blank(literal.slice(1, -1))}'`;
      continue;
    }
    if (char === '{' || char === '}') open.push((open.pop() ?? 0) + (char === '{' ? 1 : -1));
    masked += char;
  }
  return masked;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
