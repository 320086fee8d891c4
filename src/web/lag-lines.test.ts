import { expect, it } from 'vitest';
import { lagLines } from './lag-lines.ts';

const anna = {
  ...{ client_id: 'a', name: 'Anna', sync_root: '/a', last_seen: '2026-01-01T00:00:00Z' },
  ...{ is_online: true, cursor: 1_234, keeps_directory: true, lag_changes: 0, held: 0 },
};

it('says how far a client is, by how much it is behind, and what cannot proceed', () => {
  expect(lagLines(anna)).toEqual(['Has everything', 'Applied up to change 1,234']);
  expect(lagLines({ ...anna, lag_changes: 1, lag_seconds: 12 })).toEqual([
    '1 change behind, for 12 seconds',
    'Applied up to change 1,234',
  ]);
  expect(lagLines({ ...anna, held: 2 })[1]).toBe('2 paths cannot proceed there');
});

it('of one that keeps no directory nothing is expected', () => {
  expect(lagLines({ ...anna, keeps_directory: false })).toEqual(['Keeps no directory up to date']);
});
