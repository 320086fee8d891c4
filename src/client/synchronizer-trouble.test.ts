import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, refused, SECOND, Stage, unreachable } from '../../test/engine/stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage.stop();
});

describe('the server is away', () => {
  it('is asked again, less and less often, at least every half minute; then all is repaired', async () => {
    stage.failure = unreachable();
    stage.disk.user.write('f', 'F');
    stage.run();
    await stage.pass(5 * MINUTE);
    const tries = stage.asked.map(({ at }) => at);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    // A new file is looked for once more, so the waits are some milliseconds longer at most.
    expect(waits.slice(0, 8).map((ms) => Math.round(ms / 200) * 200)).toEqual([
      400, 800, 1600, 3200, 6400, 12800, 25600, 30000,
    ]);
    expect(Math.max(...waits)).toBeLessThan(31 * SECOND);
    expect(stage.synchronizer.condition).toEqual({
      type: 'offline',
      reason: 'The server is away.',
    });
    stage.failure = undefined;
    await stage.pass(31 * SECOND);
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[E09] is left alone for as long as it asks, whatever is saved meanwhile', async () => {
    await stage.start();
    stage.failure = unreachable(20 * SECOND);
    stage.save('f', 'F');
    await stage.pass();
    const before = stage.asked.length;
    for (let turn = 0; turn < 19; turn += 1) {
      stage.save('f', `F ${turn}`);
      await stage.pass(SECOND);
    }
    expect(stage.asked).toHaveLength(before);
    stage.failure = undefined;
    await stage.pass(2 * SECOND);
    expect(stage.serverNames).toEqual(['f']);
  });

  it('what does not hold still when it goes away is not forgotten', async () => {
    await stage.start();
    stage.live.tell({ type: 'disconnected', reason: 'a cut cable' });
    await stage.pass();
    stage.failure = unreachable();
    let writes = 0;
    stage.fault = (step, path) => {
      if (step === 'read' && path[0] === 'f' && writes < 6) {
        writes += 1;
        stage.disk.user.write('f', `F ${writes}`);
      }
      return undefined;
    };
    stage.save('f', 'F');
    await stage.pass();
    stage.failure = undefined;
    await stage.pass(MINUTE);
    expect(stage.serverNames).toEqual(['f']);
  });

  it('a key that is refused halts it; once it is taken again, it goes on', async () => {
    await stage.start();
    stage.failure = refused();
    stage.save('f', 'F');
    await stage.pass();
    expect(stage.synchronizer.condition).toEqual({ type: 'halted', reason: 'A wrong key.' });
    stage.failure = undefined;
    await stage.pass(MINUTE);
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });
});

describe('[S6] the directory is not the one', () => {
  it('halts and deletes nothing; goes on once it is there again', async () => {
    stage.disk.user.write('f', 'F');
    await stage.start();
    const mount = stage.disk.volume.unmount();
    await stage.pass(31 * SECOND);
    expect(stage.synchronizer.condition).toMatchObject({ type: 'halted' });
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.localNames).toEqual([]);
    mount();
    stage.disk.user.write('g', 'G');
    await stage.pass(6 * SECOND);
    expect(stage.serverNames).toEqual(['f', 'g']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[B01] also where it goes away in the middle of a round', async () => {
    stage.disk.user.write('d/f', 'F');
    await stage.start();
    let mount = (): void => {};
    stage.fault = (step) => {
      if (step === 'list') {
        stage.fault = () => undefined;
        mount = stage.disk.volume.unmount();
        stage.disk.volume.setRoot(undefined);
      }
      return undefined;
    };
    stage.watcher.dirty(['d']);
    await stage.pass(SECOND);
    expect(stage.synchronizer.condition).toMatchObject({ type: 'halted' });
    expect(stage.serverNames).toEqual(['d', 'f']);
    mount();
    await stage.pass(6 * SECOND);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
    expect(stage.serverNames).toEqual(['d', 'f']);
  });

  it.each(['denied', 'unreadable'] as const)(
    'a disk that is %s for a while ends nothing',
    async (problem) => {
      await stage.start();
      stage.fault = () => problem;
      stage.save('f', 'F');
      await stage.pass(20 * SECOND);
      expect(stage.synchronizer.condition).toEqual({
        type: 'halted',
        reason: `The directory cannot be used now (.: ${problem}).`,
      });
      stage.fault = () => undefined;
      await stage.pass(6 * SECOND);
      expect(stage.serverNames).toEqual(['f']);
      expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
    },
  );
});

describe('stopping', () => {
  it('ends at once where nothing is under way', async () => {
    await stage.start();
    await stage.stop();
    expect(stage.clock.sleepers).toBe(0);
  });

  it('twice is once, and before it runs it never begins', async () => {
    stage.synchronizer.stop();
    stage.synchronizer.stop();
    stage.run();
    await stage.ended;
    expect(stage.asked).toEqual([]);
  });

  it('ends the waiting for a server that is away', async () => {
    stage.failure = unreachable();
    stage.run();
    await stage.pass(10 * SECOND);
    await stage.stop();
    expect(stage.clock.sleepers).toBe(0);
  });

  it('lets a round that is under way finish, and what it did is recorded', async () => {
    await stage.start();
    let open = (): void => {};
    stage.gate = new Promise((resolve) => {
      open = resolve;
    });
    stage.save('f', 'F');
    await stage.pass();
    let hasEnded = false;
    void stage.ended.then(() => {
      hasEnded = true;
    });
    stage.synchronizer.stop();
    await stage.pass(MINUTE);
    expect(hasEnded).toBe(false);
    open();
    await stage.ended;
    expect(stage.serverNames).toEqual(['f']);
    const { state } = stage.synchronizer.session;
    expect(state.changed()).toEqual([]);
    expect(state.synced.find('root', 'f')).toBeDefined();
  });

  it('hears nothing afterwards', async () => {
    await stage.start();
    await stage.stop();
    const before = stage.conditions.length;
    stage.save('f', 'F');
    await stage.commitOfOther('d');
    await stage.pass(MINUTE);
    expect(stage.conditions).toHaveLength(before);
    expect(stage.localNames).toEqual(['f']);
  });
});

it('a disk that cannot be asked at the start is waited for, as at any other time', async () => {
  let isBusy = true;
  stage.fault = (step) => (step === 'root' && isBusy ? 'busy' : undefined);
  stage.disk.user.write('f', 'F');
  stage.run();
  await stage.pass(SECOND);
  expect(stage.synchronizer.condition.type).toBe('halted');
  isBusy = false;
  await stage.pass(10 * SECOND);
  expect(stage.serverNames).toEqual(['f']);
});
