import type { Disk, Staged } from '../../src/client/ports.ts';
import type { Life } from './life.ts';

/** What happens around each step of a disk. */
export interface Around {
  readonly life: Life;
  /** Before the step. */
  readonly wait: () => Promise<void>;
  /** After a step that succeeded. */
  readonly after: (step: string, args: readonly unknown[]) => void;
}

/** The same disk, for a process that may end in the middle of any step, and then hears nothing of it. */
export function mortalDisk<D extends Disk>(disk: D, around: Around): D {
  const { life } = around;
  return new Proxy(disk, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === 'read') {
        return (...args: unknown[]) => life.boundedEach(value.apply(target, args));
      }
      return (...args: unknown[]) =>
        life.bounded(async () => {
          await around.wait();
          if (life.isOver) return undefined;
          const answer: unknown = await value.apply(target, args);
          around.after(String(name), args);
          return name === 'stage' ? mortalStaged(answer as Staged, life) : answer;
        });
    },
  });
}

/** The disk takes only its own back, so it stays what it is. */
function mortalStaged(staged: Staged, life: Life): Staged {
  const { write, finish, discard } = staged;
  return Object.assign(staged, {
    write: (bytes: Uint8Array) => life.bounded(() => write.call(staged, bytes)),
    finish: (meta: Parameters<Staged['finish']>[0]) =>
      life.bounded(() => finish.call(staged, meta)),
    discard: () => life.bounded(() => discard.call(staged)),
  });
}
