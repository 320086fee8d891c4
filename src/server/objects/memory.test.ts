import { describe, expect, it } from 'vitest';
import { objectStoreContract } from './contract.ts';
import { memoryObjects } from './memory.ts';

objectStoreContract('memory', async () => ({ objects: memoryObjects(), close: async () => {} }));

describe('memory objects’ knobs', () => {
  it('fails the put it was told to, which leaves nothing, and only that', async () => {
    const objects = memoryObjects();
    objects.failPut(2, 'unavailable');
    await objects.put('a', Buffer.from('a'));
    await expect(objects.put('b', Buffer.from('b'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(objects.get('b')).rejects.toMatchObject({ code: 'absent' });
    await objects.put('b', Buffer.from('b'));
    expect(objects.asked).toEqual({ puts: 3, gets: 1 });
  });

  it('[D08] is full beyond its capacity; what is there can be read and put again', async () => {
    const objects = memoryObjects({ capacity: 10 });
    await objects.put('a', Buffer.alloc(6));
    await expect(objects.put('b', Buffer.alloc(5))).rejects.toMatchObject({ code: 'full' });
    expect(await objects.get('a')).toHaveLength(6);
    await objects.put('a', Buffer.alloc(6));
    await objects.delete('a');
    await objects.put('b', Buffer.alloc(5));
    objects.capacity = 5;
    await expect(objects.put('c', Buffer.alloc(1))).rejects.toMatchObject({ code: 'full' });
  });

  it('fails the get it was told to', async () => {
    const objects = memoryObjects();
    await objects.put('a', Buffer.from('a'));
    objects.failGet(1);
    await expect(objects.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await objects.get('a')).toHaveLength(1);
  });

  it('damages an object behind everybody’s back', async () => {
    const objects = memoryObjects();
    await objects.put('a', Buffer.from('abc'));
    objects.damage('a', (bytes) => bytes.slice(0, 2));
    expect(await objects.get('a')).toHaveLength(2);
  });
});
