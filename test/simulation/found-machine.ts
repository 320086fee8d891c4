import type { Machine } from './plan.ts';

/** As most are, but for what is said of it. */
export const machine = (name: string, more: Partial<Machine> = {}): Machine => ({
  name,
  system: 'linux',
  caseSensitive: true,
  hardLinks: true,
  symlinks: true,
  tick: 4,
  ...more,
});
