import { beforeEach, describe, expect, it } from 'vitest';
import { checkRoot, RootInDanger } from './check-root.ts';
import { type MemoryDisk, memoryDisk } from './disk/memory.ts';
import type { ClientState } from './ports.ts';
import { memoryState } from './state/memory.ts';

let disk: MemoryDisk;
let state: ClientState;
let last = 0;
const newId = (): string => {
  last += 1;
  return `id-${last}`;
};
beforeEach(() => {
  state = memoryState({ newId });
  disk = memoryDisk({ clock: { now: () => 0 } });
});

const know = (): void =>
  state.record([
    { type: 'local', node: 'n', entry: { kind: 'directory', parent: 'root', name: 'd' } },
  ]);

describe('[S6] the directory', () => {
  it('is bound to a state that knows nothing yet, whatever is in it', async () => {
    disk.user.write('f', 'F');
    await checkRoot({ disk, state, newId });
    expect(await disk.root()).toEqual({ state: 'bound', instance: state.standing.instance });
    expect(disk.user.read('f')).toBe('F');
  });

  it('is made where there is none', async () => {
    disk.volume.setRoot(undefined);
    await checkRoot({ disk, state, newId });
    expect(await disk.root()).toMatchObject({ state: 'bound' });
  });

  it('is fine while it bears the state’s marker', async () => {
    await checkRoot({ disk, state, newId });
    know();
    await checkRoot({ disk, state, newId });
  });

  it('[B01] is in danger when it is gone', async () => {
    know();
    disk.volume.setRoot(undefined);
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(RootInDanger);
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(/not there/);
    expect(await disk.root()).toEqual({ state: 'absent' });
  });

  it('[B02] is in danger without the marker, and none is written', async () => {
    know();
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(/without its marker/);
    expect(await disk.root()).toEqual({ state: 'unbound' });
  });

  it('[B03] is in danger with another one’s marker', async () => {
    know();
    await disk.bind('somebody else');
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(/another client state/);
  });

  it('[B03] is in danger when it was bound to this state before another one was', async () => {
    await checkRoot({ disk, state, newId });
    const back = disk.volume.unmount();
    await checkRoot({ disk, state, newId });
    know();
    back();
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(/another client state/);
  });

  it('is in danger also when the state knows only what was agreed on', async () => {
    const versions = { placeVersion: 1, contentVersion: 1, author: 'Anna' };
    const entry = { kind: 'directory', parent: 'root', name: 'd', ...versions } as const;
    state.record([{ type: 'synced', node: 'n', entry }]);
    await expect(checkRoot({ disk, state, newId })).rejects.toThrow(RootInDanger);
  });
});
