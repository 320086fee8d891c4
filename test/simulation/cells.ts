import { CONTENT, EXISTENCE, PLACE } from '../../src/core/merge-tables.ts';

const TABLES = { existence: EXISTENCE, place: PLACE, content: CONTENT };

/** How often each cell of the decision tables was asked for since it was called. Once in a process. */
export function countCells(): ReadonlyMap<string, number> {
  const asked = new Map<string, number>();
  for (const [table, rows] of Object.entries(TABLES)) {
    for (const [row, cells] of Object.entries<Record<string, string>>(rows)) {
      for (const [column, value] of Object.entries(cells)) {
        const cell = `${table} ${row}/${column}`;
        asked.set(cell, 0);
        Object.defineProperty(cells, column, {
          enumerable: true,
          get: () => {
            asked.set(cell, (asked.get(cell) ?? 0) + 1);
            return value;
          },
        });
      }
    }
  }
  return asked;
}
