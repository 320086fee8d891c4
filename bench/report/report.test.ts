import { expect, it } from 'vitest';
import { SHORT } from '../arena.ts';
import type { Measurement } from '../measurement.ts';
import { markdown, type Run } from './markdown.ts';
import { svg } from './svg.ts';

const TRAFFIC = { a: { sent: 1000, received: 10 }, b: { sent: 10, received: 1000 } };

const measured = (more: Partial<Measurement>): Measurement => ({
  line: 'first',
  contender: 'Syncer',
  round: 0,
  ms: [100],
  traffic: TRAFFIC,
  cpu: { A: 0.1 },
  peak: { A: 2 ** 20 },
  more: {},
  window: [0, 0],
  ...more,
});

const runOf = (...measurements: Measurement[]): Run => ({
  measurements,
  sizes: SHORT,
  rounds: 1,
  contenders: [
    { name: 'Syncer', version: 'this checkout' },
    { name: 'rsync', version: '3' },
  ],
  absent: [],
  counts: undefined,
  command: 'npm run bench',
  machine: 'two cores & <more>',
  date: '2026-11-26',
});

it('a line that is quick enough beside rsync is met, a slower one is not', () => {
  const rsync = measured({ contender: 'rsync', ms: [200] });
  expect(markdown(runOf(measured({}), rsync))).toContain('0.50 × rsync | ≤ 0.7 × rsync | met |');
  expect(markdown(runOf(measured({ ms: [150] }), rsync))).toContain('| **not met** |');
});

it('without rsync nothing is said of what is held against it', () => {
  expect(markdown(runOf(measured({})))).toContain('100 ms, no rsync | ≤ 0.7 × rsync | – |');
});

it('what failed is told, and is no figure', () => {
  const failed = measured({ ms: [], failure: 'After 60 s still not: all is there\nand more' });
  const text = markdown(runOf(failed));
  expect(text).toContain('- Syncer, first, round 1: After 60 s still not: all is there\n');
  expect(text).not.toContain('NaN');
});

it('the plot is one of all times, and says nothing that is no XML', () => {
  const text = svg(runOf(measured({}), measured({ contender: 'rsync', ms: [200, 300] })));
  expect(text).toContain('two cores &amp; &lt;more&gt;');
  expect(text.match(/<rect [^>]*height="12"/g)).toHaveLength(4); // Two bars, and two in the legend.
  expect(text).not.toContain('NaN');
});
