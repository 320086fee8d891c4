/** What a terminal would obey instead of show, and what would make a line read otherwise than it is. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Text that somebody else chose (a file's name, a server's message), fit to be shown in one line (F28):
 * control characters appear as `\x1b`, `\n` or `\u202e`.
 */
export const printable = (text: string): string => text.replace(UNSAFE, escaped);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return (
    SHORT[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
  );
}
