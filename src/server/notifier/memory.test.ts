import { expect, it } from 'vitest';
import { notifierContract } from './contract.ts';
import { memoryNotifier } from './memory.ts';

notifierContract('memory', async () => {
  const notifier = memoryNotifier();
  return { here: notifier, there: notifier, close: () => notifier.stop() };
});

it('a listener that throws disturbs no other, nor the one who notifies', async () => {
  const errors: unknown[] = [];
  const heard: number[] = [];
  const notifier = memoryNotifier((error) => void errors.push(error));
  const wrong = new Error('the listener broke');
  notifier.listen(() => {
    throw wrong;
  });
  notifier.listen((_, cursor) => void heard.push(cursor));
  notifier.notify('default', 4);
  await Promise.resolve();
  expect({ errors, heard }).toEqual({ errors: [wrong], heard: [4] });
});

it('several notices of one folder made in one go are one', async () => {
  const heard: [string, number][] = [];
  const notifier = memoryNotifier();
  notifier.listen((folder, cursor) => void heard.push([folder, cursor]));
  notifier.notify('a', 1);
  notifier.notify('a', 3);
  notifier.notify('b', 9);
  notifier.notify('a', 2);
  await Promise.resolve();
  expect(heard).toEqual([
    ['a', 3],
    ['b', 9],
  ]);
});
