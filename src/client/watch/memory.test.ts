import { expect, it } from 'vitest';
import { Heap, watcherContract } from './contract.ts';
import { MemoryWatcher } from './memory.ts';

watcherContract('memory', async () => {
  const watcher = new MemoryWatcher();
  return {
    watcher,
    happen: async (directory) => watcher.dirty(directory),
    remove: async () => {},
  };
});

it('loses events when it is told to', async () => {
  const watcher = new MemoryWatcher();
  const dirt = new Heap();
  watcher.lose();
  await watcher.run(dirt.add);
  watcher.lose('for a test');
  expect(dirt.all).toEqual([{ type: 'everything', reason: 'for a test' }]);
});
