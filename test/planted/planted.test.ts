import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { plantedText } from './plant.ts';
import { PLANTS } from './plants.ts';

describe('the list of mistakes to plant', () => {
  it('is long enough to say something', () => {
    expect(PLANTS.length).toBeGreaterThanOrEqual(40);
  });

  it('has each name once', () => {
    expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length);
  });

  it.each(PLANTS.map((plant) => [plant.name, plant] as const))('fits the code: %s', (_, plant) => {
    const text = plantedText(plant);
    expect(text).toContain(plant.replace);
    expect(() => stripTypeScriptTypes(text)).not.toThrow();
  });
});
