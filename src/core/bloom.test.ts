import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { bloom } from './bloom.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

it('never forgets what it was given, and claims little else', () => {
  const set = bloom(5_000);
  for (let at = 0; at < 5_000; at += 1) set.add(hashOf(`given ${at}`));
  let claimed = 0;
  for (let at = 0; at < 5_000; at += 1) {
    expect(set.has(hashOf(`given ${at}`))).toBe(true);
    if (set.has(hashOf(`other ${at}`))) claimed += 1;
  }
  expect(claimed).toBeLessThan(25);
});

it('holds more than it was made for, and claims more then', () => {
  const set = bloom(0);
  for (let at = 0; at < 200; at += 1) set.add(hashOf(`${at}`));
  for (let at = 0; at < 200; at += 1) expect(set.has(hashOf(`${at}`))).toBe(true);
});
