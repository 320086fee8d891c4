import { describe, expect, it } from 'vitest';
import type { HistoryLine } from './history.ts';
import { story } from './story.ts';

const held = (size: number) => ({ checksum: 'ab'.repeat(32), size });
const at = (cursor: number): Pick<HistoryLine, 'cursor' | 'time'> => ({
  cursor,
  time: new Date(cursor * 1000).toISOString(),
});

const line = (cursor: number, more: Partial<HistoryLine>): HistoryLine => ({
  ...at(cursor),
  operation: 'update',
  path: 'docs/report.txt',
  node: 'n',
  kind: 'file',
  client_id: 'a',
  client_name: 'Anna',
  cause: 'sync',
  ...held(1200),
  ...more,
});

const told = (...lines: HistoryLine[]): string[] => story(lines).map(({ text }) => text);

describe('the story of a file', () => {
  it('begins with the oldest, in whatever order the lines come', () => {
    const lines = [
      line(3, { operation: 'delete', client_name: 'Ben' }),
      line(2, { replaced: held(1) }),
      line(1, { operation: 'create', ...held(1) }),
    ];
    expect(story(lines)).toEqual([
      { ...at(1), text: 'Anna created docs/report.txt (1 byte).' },
      { ...at(2), text: 'Anna edited docs/report.txt (1,200 bytes instead of 1 byte).' },
      { ...at(3), text: 'Ben deleted docs/report.txt (1,200 bytes).' },
    ]);
  });

  it('tells renames, moves, and what else changes', () => {
    const move = { operation: 'move', old_path: 'docs/old.txt' } as const;
    expect(
      told(
        line(1, move),
        line(2, { ...move, old_path: 'old.txt', replaced: held(2) }),
        line(3, {}),
      ),
    ).toEqual([
      'Anna renamed docs/old.txt to docs/report.txt.',
      'Anna moved old.txt to docs/report.txt, and edited docs/report.txt (1,200 bytes instead of 2 bytes).',
      'Anna gave docs/report.txt another time or mode; its content stayed.',
    ]);
  });

  it('tells what was merged of what', () => {
    const merged = line(1, { replaced: held(10), merged_from: [held(20)] });
    expect(told(merged)).toEqual([
      'Anna merged the edits of both sides into docs/report.txt (1,200 bytes instead of 10 bytes): ' +
        'into the version before went the version made meanwhile (20 bytes), which the history keeps.',
    ]);
  });

  it('tells why there is a conflict copy, and that it was settled', () => {
    const path = 'docs/report (conflict, Ben, 2026-11-22 17-54-14).txt';
    const [made, renamed] = told(
      line(1, { operation: 'create', path }),
      line(2, { operation: 'move', old_path: path, path: 'docs/report (Ben).txt' }),
    );
    expect(made).toContain(
      "It is a conflict copy: two clients changed report.txt without knowing of each other, and Ben's " +
        'version, of 2026-11-22T17:54:14.000Z, could not have the path, so Anna kept it beside.',
    );
    expect(renamed).toContain('That settled a conflict.');
  });

  it('tells what was brought back, and by what means', () => {
    const [, , back] = told(
      line(1, { operation: 'create' }),
      line(2, { operation: 'delete' }),
      line(3, { operation: 'create', cause: 'restore' }),
    );
    expect(back).toBe('Anna brought back docs/report.txt (1,200 bytes), from an old version.');
  });

  it('of directories and links tells what they are', () => {
    const { checksum: _, size: __, ...bare } = line(1, { operation: 'create' });
    expect(told({ ...bare, kind: 'directory' })).toEqual([
      'Anna created docs/report.txt, a directory.',
    ]);
    expect(told({ ...bare, kind: 'symlink' })).toEqual(['Anna created docs/report.txt, a link.']);
  });
});
