import { diffArrays } from 'diff';

/**
 * A stretch of two texts: equal lines, what one side or both alike made of the version that both came from, or what
 * each has there instead. Lines keep their ends.
 */
export type Hunk =
  | { readonly kind: 'same'; readonly lines: readonly string[] }
  | { readonly kind: 'taken'; readonly lines: readonly string[] }
  | {
      readonly kind: 'differs';
      readonly left: readonly string[];
      readonly right: readonly string[];
    };

export type Choice = 'left' | 'right' | 'both';

/** Without a version that both came from, everything that differs is a question. */
export function hunksOf(left: string, right: string): Hunk[] {
  const parts = diffArrays(linesOf(left), linesOf(right));
  const hunks: Hunk[] = [];
  for (let n = 0; n < parts.length; n += 1) {
    const part = parts[n];
    if (part === undefined) break;
    const next = parts[n + 1];
    if (!part.added && !part.removed) hunks.push({ kind: 'same', lines: part.value });
    else if (part.removed && next?.added) {
      hunks.push({ kind: 'differs', left: part.value, right: next.value });
      n += 1;
    } else if (part.removed) hunks.push({ kind: 'differs', left: part.value, right: [] });
    else hunks.push({ kind: 'differs', left: [], right: part.value });
  }
  return hunks;
}

export const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/));

/** The text as it was chosen, one choice for each stretch that differs. Both: first the left's, then the right's. */
export function mergedText(hunks: readonly Hunk[], choices: readonly Choice[]): string {
  let at = 0;
  const lines = hunks.flatMap((hunk) => {
    if (hunk.kind !== 'differs') return hunk.lines;
    const choice = choices[at++] ?? 'both';
    return [...(choice === 'right' ? [] : hunk.left), ...(choice === 'left' ? [] : hunk.right)];
  });
  // A last line without an end may have come to stand before another.
  return lines
    .map((line, n) => (n < lines.length - 1 && !line.endsWith('\n') ? `${line}\n` : line))
    .join('');
}

/** What was typed over a text: a text area knows one kind of line ends only. */
export function typedOver(before: string, typed: string): string {
  const isWindows = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  return isWindows ? typed.replace(/\r?\n/g, '\r\n') : typed;
}
