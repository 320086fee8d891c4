import type { Disk, DiskFeatures, RootState } from '../ports.ts';

/** A step would have changed a disk that is only to be looked at: a mistake of ours, and nothing has happened. */
export class WriteRefused extends Error {
  constructor(step: string) {
    super(`${step} would change the directory, which is only looked at here`);
    this.name = 'WriteRefused';
  }
}

export interface Untouched {
  readonly disk: Disk;
  /** What it would be bound to; undefined where it is bound already. */
  readonly wouldBind: () => string | undefined;
  /** The directory is not there, and would be made. */
  readonly wouldMake: () => boolean;
}

/**
 * A disk that can be looked at and never changes. That it is bound is only remembered; one that is not there is
 * then empty. Whatever else would write throws WriteRefused. `features`: as the system usually has them, for
 * trying them out would write.
 */
export function untouchedDisk(disk: Disk, features: DiskFeatures): Untouched {
  let root: RootState | undefined;
  let bound: string | undefined;
  const isAbsent = (): boolean => bound !== undefined && root?.state === 'absent';
  const refuse = (step: string) => async (): Promise<never> => {
    throw new WriteRefused(step);
  };
  const untouched: Disk = {
    features,
    hasher: disk.hasher,
    root: async () => {
      root = await disk.root();
      return bound === undefined ? root : { state: 'bound', instance: bound };
    },
    bind: async (instance) => {
      bound = instance;
    },
    list: async (path) => (isAbsent() && path.length === 0 ? [] : await disk.list(path)),
    look: (path) => disk.look(path),
    read: (path, range, lent) => disk.read(path, range, lent),
    trashed: () => disk.trashed(),
    lifted: async () => (isAbsent() ? [] : await disk.lifted()),
    stage: refuse('stage'),
    place: refuse('place'),
    makeDirectory: refuse('makeDirectory'),
    makeSymlink: refuse('makeSymlink'),
    move: refuse('move'),
    touch: refuse('touch'),
    trash: refuse('trash'),
    removeDirectory: refuse('removeDirectory'),
    restore: refuse('restore'),
    lift: refuse('lift'),
    lower: refuse('lower'),
    sync: refuse('sync'),
    syncAll: refuse('syncAll'),
    tidy: refuse('tidy'),
  };
  return { disk: untouched, wouldBind: () => bound, wouldMake: isAbsent };
}
