import { beforeEach, expect, it } from 'vitest';
import type { News } from './news.ts';
import { NewsDesk } from './news-desk.ts';
import type { Problem } from './problem.ts';

let told: News[];
let desk: NewsDesk;
beforeEach(() => {
  told = [];
  const tell = (news: News): void => {
    if (news.type !== 'detail') told.push(news);
  };
  desk = new NewsDesk({ tell, counts: () => ({ files: 3, bytes: 30 }) });
});

const types = (): string[] => told.splice(0).map(({ type }) => type);
const change = { direction: 'sent', operation: 'create', path: 'a', size: 1 } as const;

it('tells the first rest, and not each rest after a single change', () => {
  desk.conditionChanged({ type: 'working' });
  desk.conditionChanged({ type: 'resting' });
  desk.liveSaid({ type: 'connected' });
  expect(types()).toEqual(['connected', 'in_sync']);
  desk.happened(change);
  desk.conditionChanged({ type: 'working' });
  desk.conditionChanged({ type: 'resting' });
  expect(types()).toEqual(['changed']);
  for (let at = 0; at < 20; at += 1) desk.happened(change);
  desk.conditionChanged({ type: 'resting' });
  expect(types().at(-1)).toBe('in_sync');
});

it('tells once that it is offline, and once that it is back', () => {
  desk.conditionChanged({ type: 'resting' });
  types();
  desk.liveSaid({ type: 'disconnected', reason: 'gone' });
  desk.conditionChanged({ type: 'offline', reason: 'unreachable' });
  desk.conditionChanged({ type: 'working' });
  desk.conditionChanged({ type: 'offline', reason: 'unreachable' });
  expect(told).toEqual([{ type: 'offline', reason: 'gone' }]);
  types();
  desk.liveSaid({ type: 'connected' });
  desk.conditionChanged({ type: 'resting' });
  expect(types()).toEqual(['connected', 'in_sync']);
});

it('tells once why it is halted, and again when that comes back', () => {
  desk.conditionChanged({ type: 'halted', reason: 'r' });
  desk.conditionChanged({ type: 'working' });
  desk.conditionChanged({ type: 'halted', reason: 'r' });
  expect(types()).toEqual(['halted']);
  desk.conditionChanged({ type: 'resting' });
  desk.conditionChanged({ type: 'halted', reason: 'r' });
  expect(types()).toEqual(['connected', 'in_sync', 'halted']);
});

it('tells each problem once, and when it is no more', () => {
  const problem: Problem = { path: 'a', code: 'denied', message: 'No.' };
  desk.lookAtProblems([problem]);
  desk.lookAtProblems([{ ...problem }]);
  expect(types()).toEqual(['problem']);
  desk.lookAtProblems([]);
  desk.lookAtProblems([problem]);
  expect(types()).toEqual(['solved', 'problem']);
});

it('[S15] tells once what is asked, again when it has grown a lot, and when it is over', () => {
  const held = { id: 'i', direction: 'outgoing', deed: 'delete', bytes: 9, examples: [] } as const;
  desk.conditionChanged({ type: 'asking', holds: [{ ...held, files: 30 }] });
  desk.conditionChanged({ type: 'working' });
  desk.conditionChanged({ type: 'asking', holds: [{ ...held, files: 31 }] });
  expect(types()).toEqual(['connected', 'held']);
  desk.conditionChanged({ type: 'asking', holds: [{ ...held, files: 61 }] });
  expect(types()).toEqual(['held']);
  desk.conditionChanged({ type: 'resting' });
  expect(types()).toEqual(['released', 'in_sync']);
});
