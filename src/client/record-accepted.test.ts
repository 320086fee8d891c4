import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair } from '../../test/engine/rig.ts';
import type { Change } from '../core/change.ts';
import type { Entry, Versioned } from '../core/entry.ts';
import type { OfferStep } from './offer-step.ts';
import { recordAccepted } from './record-accepted.ts';

let anna: Client;
beforeEach(async () => {
  const { rig, anna: client } = pair();
  anna = client;
  anna.user.write('f', 'v0');
  await rig.settle();
  anna.happenings.splice(0);
});

const file = (name: string, checksum: string): Entry => ({
  kind: 'file',
  parent: 'root',
  name,
  checksum,
  size: 2,
  mtime: 7,
  executable: false,
});

const accepted = (
  changes: readonly Change[],
  steps: readonly OfferStep[],
  cursors: readonly number[],
) =>
  recordAccepted(anna.session, {
    changes,
    steps,
    answer: { type: 'accepted', epoch: 'epoch-1', cursors, chain: 'c'.repeat(64) },
  });

const nodeOf = (): string => anna.session.state.local.find('root', 'f') ?? '';
const content = { checksum: 'c1', size: 2, mtime: 7, executable: false };

describe('an accepted commit', () => {
  it('[C2] synced takes what was offered, with the versions given for it, whatever the server has by now', () => {
    const { state } = anna.session;
    const node = nodeOf();
    const before = state.synced.get(node);
    if (before?.kind !== 'file') throw new Error('It is a file.');
    // Somebody else edited it meanwhile, and we know of it already.
    const theirs: Versioned = { ...before, checksum: 'theirs', contentVersion: 5, author: 'Ben' };
    state.record([{ type: 'remote', node, entry: theirs }]);
    const place = { parent: 'root', name: 'g', replaces: 1 };
    const after = { ...file('g', before.checksum), size: before.size, mtime: before.mtime };
    accepted([{ type: 'update', node, place }], [{ node, before: theirs, after }], [6]);
    expect(state.synced.get(node)).toEqual({ ...before, name: 'g', placeVersion: 6 });
    expect(state.remote.get(node)).toEqual({ ...theirs, name: 'g', placeVersion: 6 });
  });

  it('a creation has its cursor as both versions, and our name as its author', () => {
    const after = file('new', 'c1');
    const change = { type: 'create', node: 'n', kind: 'file', place: after, content } as const;
    accepted([change], [{ node: 'n', before: undefined, after }], [2]);
    const entry = { ...after, placeVersion: 2, contentVersion: 2, author: 'anna' };
    expect(anna.session.state.synced.get('n')).toEqual(entry);
    expect(anna.session.state.remote.get('n')).toEqual(entry);
  });

  it('a deletion is gone from both', () => {
    const node = nodeOf();
    const { state } = anna.session;
    const before = state.remote.get(node);
    const change = { type: 'delete', node, replacesPlace: 1, replacesContent: 1 } as const;
    accepted([change], [{ node, before, after: undefined }], [2]);
    expect([state.synced.get(node), state.remote.get(node)]).toEqual([undefined, undefined]);
    expect(anna.happenings).toMatchObject([{ direction: 'sent', operation: 'delete', path: 'f' }]);
  });

  it('right after what we knew, the cursor goes on without asking', () => {
    anna.session.behind = false;
    const after = file('new', 'c1');
    const change = { type: 'create', node: 'n', kind: 'file', place: after, content } as const;
    accepted([change], [{ node: 'n', before: undefined, after }], [2]);
    expect(anna.session.state.standing.cursor).toBe(2);
    expect(anna.session.behind).toBe(false);
  });

  it('after others committed in between, it asks for that', () => {
    anna.session.behind = false;
    const after = file('new', 'c1');
    const change = { type: 'create', node: 'n', kind: 'file', place: after, content } as const;
    accepted([change], [{ node: 'n', before: undefined, after }], [3]);
    expect(anna.session.state.standing.cursor).toBe(1);
    expect(anna.session.behind).toBe(true);
  });

  it('has no problem any more, and is told with where it was', () => {
    const node = nodeOf();
    const { state, problems } = anna.session;
    problems.set(node, { path: 'f', code: 'busy', message: '' }, 0);
    const before = state.remote.get(node);
    const local = state.local.get(node);
    if (before === undefined || local === undefined) throw new Error('It is there.');
    const after = { ...local, name: 'g' };
    state.record([{ type: 'local', node, entry: after }]);
    const place = { parent: 'root', name: 'g', replaces: 1 };
    accepted([{ type: 'update', node, place }], [{ node, before, after }], [2]);
    expect(problems.all()).toEqual([]);
    expect(anna.happenings).toEqual([
      { direction: 'sent', operation: 'move', path: 'g', oldPath: 'f', size: 2 },
    ]);
  });
});
