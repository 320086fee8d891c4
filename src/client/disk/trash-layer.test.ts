import { describe, expect, it } from 'vitest';
import { dayOfLayer, freeLayer, layerName } from './trash-layer.ts';

describe('a layer of the trash', () => {
  it('is the day, and has a number from the second on', () => {
    expect([1, 2, 10].map((n) => layerName('2026-11-22', n))).toEqual([
      '2026-11-22',
      '2026-11-22 (2)',
      '2026-11-22 (10)',
    ]);
  });

  it('tells its day; another name tells none', () => {
    for (const n of [1, 2, 99]) expect(dayOfLayer(layerName('2026-11-22', n))).toBe('2026-11-22');
    for (const name of ['', '..', '2026-11-2', '2026-11-22 2', '2026-11-22 (x)', 'a 2026-11-22'])
      expect(dayOfLayer(name)).toBeUndefined();
  });

  it('sorts after its day and before the next one', () => {
    const names = ['2026-11-22', '2026-11-22 (2)', '2026-11-22 (10)', '2026-11-23'];
    expect(names.every((name) => name === '2026-11-22' || name > '2026-11-22')).toBe(true);
    expect(names.slice(0, 3).every((name) => name < '2026-11-23')).toBe(true);
  });

  it('is found free in a few looks, and is free, whatever is taken', () => {
    for (const count of [0, 1, 2, 3, 7, 8, 1000, 86_400]) {
      const taken = new Set(Array.from({ length: count }, (_, at) => layerName('d', at + 1)));
      let looks = 0;
      const free = freeLayer('d', (layer) => {
        looks += 1;
        return taken.has(layer);
      });
      expect(free).toBe(layerName('d', count + 1));
      expect(looks).toBeLessThan(40);
      taken.delete(layerName('d', 3)); // Restored, or too old.
      expect(taken.has(freeLayer('d', (layer) => taken.has(layer)))).toBe(false);
    }
  });
});
