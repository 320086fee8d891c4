import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notifier } from '../ports.ts';

/** Two ends of one channel, as in two processes; within one process they may be the same object. */
export interface NotifierWorld {
  readonly here: Notifier;
  readonly there: Notifier;
  close(): Promise<void>;
}

/** What every Notifier keeps. `make` answers a channel of its own, with nothing said on it yet. */
export function notifierContract(name: string, make: () => Promise<NotifierWorld>): void {
  describe(`notifier contract: ${name}`, () => {
    let world: NotifierWorld;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world.close());

    tellsWhoListens(() => world);
    silence(() => world);
  });
}

function tellsWhoListens(world: () => NotifierWorld): void {
  it('tells every listener, here and there, whose cursor grew', async () => {
    const heard = [listenTo(world().here), listenTo(world().there), listenTo(world().there)];
    world().here.notify('default', 7);
    for (const one of heard) await eventually(() => one.last('default') === 7);
  });

  it('[E02] tells the highest of many, each folder apart', async () => {
    const heard = listenTo(world().there);
    for (let cursor = 1; cursor <= 100; cursor += 1) world().here.notify('a', cursor);
    world().here.notify('b', 3);
    await eventually(() => heard.last('a') === 100 && heard.last('b') === 3);
  });

  it('does not call a listener inside the step of the one who notifies', async () => {
    const heard = listenTo(world().here);
    world().here.notify('default', 1);
    expect(heard.notices).toEqual([]);
    await eventually(() => heard.last('default') === 1);
  });
}

function silence(world: () => NotifierWorld): void {
  it('says nothing to one who stopped listening; stopping twice is once', async () => {
    const gone = listenTo(world().there);
    const heard = listenTo(world().there);
    gone.stop();
    gone.stop();
    world().here.notify('default', 1);
    await eventually(() => heard.last('default') === 1);
    expect(gone.notices).toEqual([]);
  });

  it('counts one function that listens twice as two listeners', async () => {
    const heard: number[] = [];
    const onNotice = (_: string, cursor: number) => void heard.push(cursor);
    const stop = world().there.listen(onNotice);
    world().there.listen(onNotice);
    stop();
    stop();
    world().here.notify('default', 5);
    await eventually(() => heard.at(-1) === 5);
  });

  it('lets a listener stop itself, listen anew and notify within a notice', async () => {
    const later: number[] = [];
    const stop = world().here.listen((folder, cursor) => {
      stop();
      world().here.listen((_, next) => void later.push(next));
      world().here.notify(folder, cursor + 1);
    });
    world().here.notify('default', 1);
    await eventually(() => later.at(-1) === 2);
  });

  it('is silent after it was stopped, and may be stopped twice', async () => {
    const heard = listenTo(world().here);
    world().here.notify('default', 1);
    await eventually(() => heard.last('default') === 1);
    await world().here.stop();
    await world().here.stop();
    heard.notices.length = 0;
    world().here.notify('default', 2);
    const late = listenTo(world().here);
    await new Promise((done) => setTimeout(done, 20));
    expect([...heard.notices, ...late.notices]).toEqual([]);
    late.stop();
  });
}

function listenTo(notifier: Notifier) {
  const notices: [folder: string, cursor: number][] = [];
  const stop = notifier.listen((folder, cursor) => void notices.push([folder, cursor]));
  const last = (folder: string) => notices.findLast(([of]) => of === folder)?.[1];
  return { notices, stop, last };
}

function eventually(isSo: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 5000, interval: 5 });
}
