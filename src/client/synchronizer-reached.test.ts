import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND, Stage, unreachable } from '../../test/engine/stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage.stop();
});

const reports = (): string[] =>
  stage.live.reports.map(({ cursor, held }) => (held === 0 ? `${cursor}` : `${cursor}-${held}`));

describe('what is reported as applied', () => {
  it('is on the disk by then, others’ and our own', async () => {
    await stage.commitOfOther('a');
    await stage.start();
    expect(reports()).toEqual(['1']);
    await stage.commitOfOther('b');
    await stage.pass();
    expect([reports(), stage.localNames.sort()]).toEqual([
      ['1', '2'],
      ['a', 'b'],
    ]);
    stage.save('mine', 'M');
    await stage.pass();
    expect(reports()).toEqual(['1', '2', '3']);
    expect(stage.synchronizer.reached).toMatchObject({ epoch: 'epoch-1', cursor: 3, held: 0 });
  });

  it('is told once, and nothing while nothing happens', async () => {
    await stage.start();
    await stage.pass(600 * SECOND);
    expect(reports()).toEqual(['0']);
  });

  it('goes on past a path that cannot proceed, which is counted', async () => {
    await stage.start();
    stage.fault = (step) => (step === 'makeDirectory' ? 'denied' : undefined);
    await stage.commitOfOther('d');
    await stage.pass();
    expect(reports()).toEqual(['0', '1-1']);
    stage.fault = () => undefined;
    await stage.pass(31 * SECOND);
    expect(reports()).toEqual(['0', '1-1', '1']);
  });

  it('is nothing that a round did not come to', async () => {
    await stage.start();
    stage.fault = (step) => (step === 'sync' ? 'full' : undefined);
    await stage.commitOfOther('d');
    await stage.pass();
    expect(reports()).toEqual(['0']);
    stage.fault = () => undefined;
    await stage.pass(10 * SECOND);
    expect(reports()).toEqual(['0', '1']);
  });
});

describe('a look at everything', () => {
  it('finds what no event told of, and is over when it is offered', async () => {
    await stage.start();
    stage.disk.user.write('unseen', 'U');
    const offered: string[][] = [];
    stage.synchronizer.lookAround(() => offered.push(stage.serverNames));
    await stage.pass(SECOND);
    expect(offered).toEqual([['unseen']]);
    await stage.pass(60 * SECOND);
    expect(offered).toHaveLength(1);
  });

  it('is over only when the server has answered, however often it could not', async () => {
    await stage.start();
    stage.disk.user.write('unseen', 'U');
    let isOver = false;
    stage.failure = unreachable();
    stage.synchronizer.lookAround(() => {
      isOver = true;
    });
    await stage.pass(60 * SECOND);
    expect(isOver).toBe(false);
    stage.failure = undefined;
    await stage.pass(60 * SECOND);
    expect([isOver, stage.serverNames]).toEqual([true, ['unseen']]);
  });

  it('knows the furthest cursor that was told of', async () => {
    await stage.start();
    stage.live.tell({ type: 'behind', cursor: 9 });
    expect(stage.synchronizer.newest).toBe(9);
    stage.live.tell({ type: 'connected' });
    await stage.pass();
    expect(stage.synchronizer.newest).toBe(0);
  });
});
