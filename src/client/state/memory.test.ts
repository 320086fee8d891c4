import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientStateContract } from './contract.ts';
import { StateLocked } from './failures.ts';
import { MemoryStateFile, memoryState } from './memory.ts';

clientStateContract('memory', () => {
  const file = new MemoryStateFile({ newId: randomUUID });
  return { open: () => file.open(), remove: () => file.crash() };
});

describe('client state in memory', () => {
  it('[D22] is one client’s at a time, and free again after a crash', () => {
    const file = new MemoryStateFile({ newId: randomUUID });
    const first = file.open();
    expect(() => file.open()).toThrow(StateLocked);
    file.crash();
    expect(() => first.record([])).toThrow('closed');
    expect(file.open().standing.cursor).toBe(0);
  });

  it('takes its ids from the one who makes it', () => {
    const ids = ['one', 'two'];
    const { clientId, instance } = memoryState({ newId: () => ids.shift() ?? '' }).standing;
    expect([clientId, instance]).toEqual(['one', 'two']);
  });
});
