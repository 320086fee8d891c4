import Table from 'cli-table3';

const STYLE = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 };
const BARE = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

/** Columns and nothing between them, so that a line can be copied and searched. */
export function bareTable(head: string[], rows: readonly string[][]): string {
  const table = new Table({ head, chars: BARE, style: STYLE });
  table.push(...rows);
  return table.toString();
}
