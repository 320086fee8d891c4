import { expect, it } from 'vitest';
import { FULL, SHORT } from './arena.ts';
import { readOptions } from './options.ts';

it('without options everything is measured, three times', () => {
  expect(readOptions([])).toMatchObject({ sizes: FULL, rounds: 3, only: [], profile: [] });
});

it('what follows the name of a list belongs to it', () => {
  const args = ['--only', 'large', 'middle', '--short', '--without', 'Unison'];
  const wanted = { only: ['large', 'middle'], without: ['unison'], sizes: SHORT, rounds: 1 };
  expect(readOptions(args)).toMatchObject(wanted);
});

it('the scaling run has its usual steps, or those that are named', () => {
  expect(readOptions(['--scaling'])).toMatchObject({ scaling: [1e3, 1e4, 1e5, 1e6] });
  expect(readOptions(['--scaling', '10', '--short'])).toMatchObject({ scaling: [10] });
});

it('a long history is measured by itself', () => {
  expect(readOptions(['--past', '--rounds', '5'])).toMatchObject({ isPast: true, rounds: 5 });
  expect(readOptions([])).toMatchObject({ isPast: false });
});

it('so many clients are a crowd', () => {
  expect(readOptions(['--clients', '50'])).toMatchObject({
    only: ['crowd'],
    sizes: { clients: 50 },
  });
});

it('what is no option, or no number, is refused', () => {
  expect(() => readOptions(['--nothing'])).toThrow('--nothing');
  expect(() => readOptions(['--rounds', 'many'])).toThrow('many is not a number of things.');
});
