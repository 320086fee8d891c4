import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND, Stage } from '../../test/engine/stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage.stop();
});

describe('at work', () => {
  it('brings everything in sync, then rests', async () => {
    stage.disk.user.write('mine', 'M');
    await stage.commitOfOther('theirs');
    stage.run();
    await stage.pass(SECOND);
    expect(stage.serverNames).toEqual(['mine', 'theirs']);
    expect(stage.localNames).toEqual(['mine', 'theirs']);
    expect(stage.types().slice(0, 2)).toEqual(['working', 'resting']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('wakes when the watcher says so, and looks there only', async () => {
    await stage.start();
    stage.save('f', 'F');
    await stage.pass();
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.types().slice(-2)).toEqual(['working', 'resting']);
  });

  it('what was saved while a round runs is looked at after it', async () => {
    await stage.start();
    let once = false;
    stage.fault = (step) => {
      if (step === 'read' && !once) {
        once = true;
        stage.save('second', 'S');
      }
      return undefined;
    };
    stage.save('first', 'F');
    await stage.pass();
    expect(stage.serverNames).toEqual(['first', 'second']);
  });

  it('takes what the live connection brings, without asking', async () => {
    await stage.start();
    const before = stage.asked.length;
    await stage.commitOfOther('d');
    await stage.pass();
    expect(stage.localNames).toEqual(['d']);
    expect(stage.asked.slice(before)).toEqual([]);
  });

  it('asks when it is told that it is behind, or that of which it cannot follow', async () => {
    await stage.start();
    const { clientId } = stage.synchronizer.session.state.standing;
    stage.server.listen(clientId, () => {});
    await stage.commitOfOther('missed');
    stage.live.tell({ type: 'behind' });
    await stage.pass();
    expect(stage.localNames).toEqual(['missed']);
    await stage.commitOfOther('missed too');
    stage.server.listen(clientId, (event) => stage.live.tell(event));
    await stage.commitOfOther('heard');
    await stage.pass();
    expect(stage.localNames.sort()).toEqual(['heard', 'missed', 'missed too']);
  });

  it('introduces itself again, and asks, when the live connection comes back', async () => {
    await stage.start();
    stage.server.listen(stage.synchronizer.session.state.standing.clientId, () => {});
    stage.live.tell({ type: 'disconnected', reason: 'a cut cable' });
    await stage.pass();
    expect(stage.synchronizer.connected).toBe(false);
    await stage.commitOfOther('meanwhile');
    const before = stage.asked.length;
    stage.live.tell({ type: 'connected' });
    await stage.pass();
    expect(stage.synchronizer.connected).toBe(true);
    expect(stage.localNames).toEqual(['meanwhile']);
    expect(stage.asked.slice(before).map(({ call }) => call)).toEqual(['register', 'changes']);
  });

  it('without a live connection it asks every half minute', async () => {
    stage.run();
    await stage.pass(SECOND);
    await stage.commitOfOther('d');
    await stage.pass(31 * SECOND);
    expect(stage.localNames).toEqual(['d']);
  });

  it('has the watcher begin anew when the patterns change', async () => {
    await stage.start();
    stage.disk.user.write('.syncignore', '*.log');
    stage.disk.user.write('a.log', 'L');
    stage.watcher.dirty([]);
    await stage.pass(SECOND);
    expect(stage.rewatched).toHaveLength(1);
    expect(stage.serverNames).toEqual(['.syncignore']);
  });

  it('[S11] tries a path with a problem again after half a minute, though nobody says so', async () => {
    await stage.start();
    stage.fault = (step) => (step === 'makeDirectory' ? 'denied' : undefined);
    await stage.commitOfOther('d');
    await stage.pass();
    expect(stage.localNames).toEqual([]);
    stage.fault = () => undefined;
    await stage.pass(29 * SECOND);
    expect(stage.localNames).toEqual([]);
    await stage.pass(2 * SECOND);
    expect(stage.localNames).toEqual(['d']);
  });
});

describe('lost events cost latency only', () => {
  it('everything is looked at every half hour', async () => {
    await stage.start();
    stage.disk.user.write('unseen', 'U');
    await stage.pass(28 * MINUTE);
    expect(stage.serverNames).toEqual([]);
    await stage.pass(3 * MINUTE);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('[E02] the server is asked with it: what it told may not have come', async () => {
    await stage.start();
    stage.server.listen(stage.synchronizer.session.state.standing.clientId, () => {});
    await stage.commitOfOther('never told');
    await stage.pass(28 * MINUTE);
    expect(stage.localNames).toEqual([]);
    await stage.pass(3 * MINUTE);
    expect(stage.localNames).toEqual(['never told']);
  });

  it('[C33] every half minute where not everything can be watched', async () => {
    await stage.start();
    stage.watcher.degraded = true;
    stage.disk.user.write('unseen', 'U');
    await stage.pass(61 * SECOND);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('[C32] at once where the watcher says that it lost some', async () => {
    await stage.start();
    stage.disk.user.write('d/deep/unseen', 'U');
    stage.watcher.lose();
    await stage.pass();
    expect(stage.serverNames).toEqual(['d', 'deep', 'unseen']);
  });

  it('[C12] the half hour is measured again after the clock was set back', async () => {
    await stage.start();
    stage.clock.jump(-365 * 24 * 60 * MINUTE);
    stage.disk.user.write('unseen', 'U');
    await stage.pass(31 * SECOND);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('a quiet hour costs little: nothing is asked, and nothing but the root looked at', async () => {
    for (let n = 0; n < 50; n += 1) stage.disk.user.write(`d${n}/f`, `content ${n}`);
    await stage.start();
    await stage.pass(10 * MINUTE);
    const [asked, steps] = [stage.asked.length, stage.steps.length];
    await stage.pass(15 * MINUTE);
    expect(stage.asked.length - asked).toBe(0);
    expect(stage.steps.length - steps).toBeLessThan(31 * 4);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[C01] a file that is written to all the time does not make it run hot', async () => {
    await stage.start();
    let lines = 0;
    stage.fault = (step, path) => {
      if (step === 'read' && path[0] === 'log') {
        lines += 1;
        stage.save('log', `line ${lines}`);
      }
      return undefined;
    };
    stage.save('log', 'line 0');
    stage.save('other', 'O');
    await stage.pass(10 * SECOND);
    expect(stage.serverNames).toEqual(['other']);
    const before = lines;
    await stage.pass(10 * SECOND);
    expect(lines - before).toBeLessThan(200);
    stage.fault = () => undefined;
    await stage.pass(10 * SECOND);
    expect(stage.serverNames).toEqual(['log', 'other']);
  });
});

describe('what is held', () => {
  const FILES = 12;

  async function emptied(): Promise<void> {
    for (let n = 0; n < FILES; n += 1) stage.disk.user.write(`f${n}`, 'four');
    await stage.start();
    expect(stage.live.held).toEqual([]);
    for (let n = 0; n < FILES; n += 1) stage.disk.user.remove(`f${n}`);
    stage.watcher.dirty([]);
    await stage.pass(SECOND);
  }

  it('[S15] is told to the server, with how much it is and some of the paths', async () => {
    await emptied();
    expect(stage.live.held).toMatchObject([
      { direction: 'outgoing', deed: 'delete', files: FILES, bytes: 4 * FILES },
    ]);
    const [hold] = stage.live.held ?? [];
    expect(hold).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(hold?.examples).toHaveLength(10);
  });

  it('[S16] a word that comes down is told once to who takes words, and wakes nobody', async () => {
    await emptied();
    const verbs = { [stage.live.held?.[0]?.id ?? '']: 'approve' } as const;
    const before = stage.types().length;
    stage.live.tell({ type: 'word', verbs });
    await stage.pass();
    expect(stage.words).toEqual([verbs]);
    expect(stage.types()).toHaveLength(before);
    expect(stage.serverNames).toHaveLength(FILES);
  });

  it('[S16] is told to be no more once it was approved', async () => {
    await emptied();
    const id = stage.live.held?.[0]?.id ?? '';
    stage.synchronizer.giveWord({ verbs: { [id]: 'approve' }, heeded: () => {} });
    await stage.pass(SECOND);
    expect(stage.serverNames).toEqual([]);
    expect(stage.live.held).toEqual([]);
  });
});
