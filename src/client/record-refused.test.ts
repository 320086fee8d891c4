import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { recordRefused } from './record-refused.ts';

let rig: Rig;
let anna: Client;
beforeEach(async () => {
  ({ rig, anna } = pair());
  anna.user.write('d/f', 'F');
  await rig.settle();
  anna.session.behind = false;
});

const nodeOf = (name: string): string => {
  const d = anna.session.state.local.find('root', 'd') ?? '';
  return name === 'd' ? d : (anna.session.state.local.find(d, name) ?? '');
};

function refuse(node: string, code: string, retry: boolean): number {
  const step = { node, before: undefined, after: undefined };
  const refusals = [{ node, code, retry, message: 'No.' }];
  return recordRefused(anna.session, [step], { type: 'refused', refusals });
}

describe('a refusal', () => {
  it('that a pull may settle asks for one, and is no problem', () => {
    expect(refuse(nodeOf('f'), 'stale', true)).toBe(1);
    expect(anna.session.behind).toBe(true);
    expect(anna.session.problems.all()).toEqual([]);
  });

  it('that only a person can lift is a problem for a minute', () => {
    const node = nodeOf('f');
    refuse(node, 'bad_name', false);
    expect(anna.session.problems.all()).toEqual([
      { path: 'd/f', code: 'bad_name', message: 'No.', node },
    ]);
    const now = rig.clock.now();
    expect(anna.session.problems.isHeld(node, now + 59_000)).toBe(true);
    expect(anna.session.problems.isHeld(node, now + 61_000)).toBe(false);
  });

  it('once more, though the server has nothing new, is a problem too', () => {
    const node = nodeOf('f');
    refuse(node, 'name_taken', true);
    const { cursor } = anna.session.state.standing;
    anna.session.state.record([{ type: 'standing', standing: { cursor: cursor + 1 } }]);
    refuse(node, 'name_taken', true);
    expect(anna.session.problems.all()).toEqual([]);
    refuse(node, 'name_taken', true);
    expect(anna.session.problems.all()).toMatchObject([{ path: 'd/f', code: 'name_taken' }]);
  });

  it('of chunks that are missing is offered again', () => {
    const step = { node: nodeOf('f'), before: undefined, after: undefined };
    expect(recordRefused(anna.session, [step, step], { type: 'missing', chunks: ['x'] })).toBe(2);
    expect(anna.session.behind).toBe(true);
  });

  it('[S9] as known there, out of our sight: it gets a new id, and so does what is below it', () => {
    const [d, f] = [nodeOf('d'), nodeOf('f')];
    const step = { node: d, before: undefined, after: undefined };
    const refusals = [d, f].map((node) => ({ node, code: 'exists', retry: true, message: 'No.' }));
    recordRefused(anna.session, [step, { ...step, node: f }], { type: 'refused', refusals });
    const { local, synced, remote } = anna.session.state;
    expect(local.get(d)).toBe(undefined);
    expect(local.get(f)).toBe(undefined);
    expect(local.get(nodeOf('f'))).toMatchObject({ name: 'f', parent: nodeOf('d') });
    expect([synced.get(d), synced.get(f)]).toEqual([undefined, undefined]);
    expect(remote.get(d)).toMatchObject({ name: 'd' });
  });
});
