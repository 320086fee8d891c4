import { diffArrays, diffWordsWithSpace } from 'diff';

/** A run of a line's text; whether it is only on this side. */
interface Run {
  readonly text: string;
  readonly isChanged: boolean;
}

export interface Side {
  /** Of the line, from 1. */
  readonly line: number;
  readonly runs: readonly Run[];
}

/** One row of two texts side by side; a side is missing where the other has more lines. */
export interface DiffRow {
  readonly kind: 'same' | 'changed';
  readonly left?: Side;
  readonly right?: Side;
}

/** Lines that are the same on both sides, and too far from any change to be shown. */
export interface Gap {
  readonly kind: 'gap';
  readonly rows: readonly DiffRow[];
}

/** Differences beyond which texts are taken for unlike from end to end: looking further would take too long. */
const MOST_EDITS = 1_500;
/** Lines longer than this are not looked into word by word. */
const LONGEST_LINE = 2_000;

/** Two texts in rows: what is the same stands beside each other, and what was changed, word by word. */
export function diffRows(left: string, right: string): DiffRow[] {
  const [old, fresh] = [linesOf(left), linesOf(right)];
  const parts = diffArrays(old, fresh, { maxEditLength: MOST_EDITS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ];
  const rows: DiffRow[] = [];
  let [leftLine, rightLine] = [1, 1];
  for (let n = 0; n < parts.length; n += 1) {
    const part = parts[n];
    if (part === undefined) break;
    if (!part.added && !part.removed) {
      for (const text of part.value) rows.push(same(text, leftLine++, rightLine++));
      continue;
    }
    const next = parts[n + 1];
    const isPair = part.removed && next?.added === true;
    const [gone, come] = part.removed ? [part.value, isPair ? next.value : []] : [[], part.value];
    rows.push(...changed(gone, come, { left: leftLine, right: rightLine }));
    leftLine += gone.length;
    rightLine += come.length;
    if (isPair) n += 1;
  }
  return rows;
}

/** A text's last line end begins no further line. */
const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const whole = (line: number, text: string, isChanged: boolean): Side => ({
  line,
  runs: [{ text, isChanged }],
});

const same = (text: string, left: number, right: number): DiffRow => ({
  kind: 'same',
  left: whole(left, text, false),
  right: whole(right, text, false),
});

function changed(
  gone: readonly string[],
  come: readonly string[],
  at: { readonly left: number; readonly right: number },
): DiffRow[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, n) => {
    const [old, fresh] = [gone[n], come[n]];
    if (old !== undefined && fresh !== undefined) {
      const [left, right] = runsOf(old, fresh);
      return {
        kind: 'changed',
        left: { line: at.left + n, runs: left },
        right: { line: at.right + n, runs: right },
      };
    }
    return {
      kind: 'changed',
      ...(old !== undefined && { left: whole(at.left + n, old, true) }),
      ...(fresh !== undefined && { right: whole(at.right + n, fresh, true) }),
    };
  });
}

function runsOf(old: string, fresh: string): [left: Run[], right: Run[]] {
  if (old.length > LONGEST_LINE || fresh.length > LONGEST_LINE) {
    return [[{ text: old, isChanged: true }], [{ text: fresh, isChanged: true }]];
  }
  const left: Run[] = [];
  const right: Run[] = [];
  for (const { value: text, added, removed } of diffWordsWithSpace(old, fresh)) {
    if (!added) left.push({ text, isChanged: removed });
    if (!removed) right.push({ text, isChanged: added });
  }
  return [left, right];
}

/** The rows with those that are far from any change put together; `near`: how many lines around a change are shown. */
export function withGaps(rows: readonly DiffRow[], near = 3): (DiffRow | Gap)[] {
  const shown = new Set<number>();
  rows.forEach(({ kind }, n) => {
    if (kind === 'same') return;
    for (let at = n - near; at <= n + near; at += 1) shown.add(at);
  });
  const found: (DiffRow | Gap)[] = [];
  let hidden: DiffRow[] = [];
  const close = (): void => {
    // One line takes no less room than the word that it is left out.
    if (hidden.length > 1) found.push({ kind: 'gap', rows: hidden });
    else found.push(...hidden);
    hidden = [];
  };
  rows.forEach((row, n) => {
    if (shown.has(n)) {
      close();
      found.push(row);
    } else hidden.push(row);
  });
  close();
  return found;
}
