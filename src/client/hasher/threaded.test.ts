import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { HashingLost } from '../hasher.ts';
import { hasherContract } from './contract.ts';
import { threadedHasher } from './threaded.ts';

const CHECKSUM = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const ABC = Buffer.from('abc');

hasherContract('in a thread', () => threadedHasher({ from: 1024 * 1024, idle: 10 }));

/** A thread whose program is this. */
const running = (program: string): URL => new URL(`data:text/javascript,${program}`);

/** The threads that begin from now on, each until it ended. */
function followThreads(): Set<Worker> {
  const running = new Set<Worker>();
  process.on('worker', (worker) => {
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
  });
  return running;
}

describe('a threaded hasher', () => {
  it('has no thread before a large content comes, and some time after the last', async () => {
    const hasher = threadedHasher({ from: 2, idle: 50 });
    const threads = followThreads();
    const small = hasher.open({ size: 1 });
    await small.push(ABC);
    expect(await small.end()).toBe(CHECKSUM);
    expect(threads.size).toBe(0);
    for (const _ of [1, 2]) {
      const large = hasher.open({ size: 3 });
      await large.push(ABC);
      expect(threads.size).toBe(1);
      expect(await large.end()).toBe(CHECKSUM);
      while (threads.size > 0) await sleep(5);
    }
  });

  it('keeps its thread while a content has not ended', async () => {
    const hasher = threadedHasher({ from: 0, idle: 1 });
    const waiting = hasher.open({ size: 3 });
    await waiting.push(ABC.subarray(0, 2));
    const other = hasher.open({ size: 3 });
    await other.push(ABC);
    await other.end();
    await sleep(30);
    await waiting.push(ABC.subarray(2));
    expect(await waiting.end()).toBe(CHECKSUM);
  });

  it.each([
    ['cannot begin', new URL('./none.ts', import.meta.url)],
    ['throws', running('throw new Error()')],
    ['ends', running('process.exit(3)')],
  ])('says that a content is lost when its thread %s, and goes on in place', async (_, program) => {
    const hasher = threadedHasher({ from: 0, program });
    const hashing = hasher.open({ size: 3 });
    await expect(hashing.push(ABC)).rejects.toThrow(HashingLost);
    await expect(hashing.push(ABC)).rejects.toThrow(HashingLost);
    await expect(hashing.end()).rejects.toThrow(HashingLost);
    hashing.abandon();
    const again = hasher.open({ size: 3 });
    await again.push(ABC);
    expect(await again.end()).toBe(CHECKSUM);
  });
});
