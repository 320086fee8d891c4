import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withMain, withPart, writeMain, writePart } from './results-file.ts';

it('a part stands below the others’ results, and takes the place of its older one', () => {
  const first = withPart('# Results\n\nAll.\n', 'past', '## Past\n\n| 1 |');
  expect(first).toMatch(/^# Results\n\nAll\.\n\n<!-- part: past -->\n## Past\n\n\| 1 \|\n<!--/);
  const second = withPart(withPart(first, 'past', '## Past again'), 'idle', '## Idle');
  expect(second.match(/^#+ .*$/gm)).toEqual(['# Results', '## Idle', '## Past again']);
  expect(withPart(second, 'idle', '## Idle')).toBe(second);
});

it('a whole run leaves the parts', () => {
  const text = withPart('# Results\n\nOld.\n', 'past', '## Past');
  const renewed = withMain(text, '# Results\n\nNew.\n');
  expect(renewed).toBe(text.replace('Old.', 'New.'));
});

it('a part is written where there are no results yet', () => {
  const out = mkdtempSync(join(tmpdir(), 'syncer-results-'));
  const read = (): string => readFileSync(join(out, 'RESULTS.md'), 'utf8');
  writePart(out, 'past', '## Past');
  expect(read().match(/^#+ .*$/gm)).toEqual(['# Results', '## Past']);
  writeMain(out, '# Results\n\nAll.\n');
  expect(read().match(/^[#A].*$/gm)).toEqual(['# Results', 'All.', '## Past']);
  rmSync(out, { recursive: true });
});
