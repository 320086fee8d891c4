import type { FolderName, Notifier } from '../ports.ts';

type OnNotice = (folder: FolderName, cursor: number) => void;

/**
 * Within one process. Listeners are called after the one who notifies has gone on, never inside its
 * step; of several notices of one folder made in one go, they hear the highest cursor only. What a
 * listener throws goes to `onError` (as it is told nowhere else, the default lets the process hear
 * of it as an uncaught error) and keeps no other listener from hearing.
 */
export function memoryNotifier(onError: (error: unknown) => void = raise): Notifier {
  const listeners = new Set<{ readonly onNotice: OnNotice }>();
  const waiting = new Map<FolderName, number>();
  let stopped = false;

  function tellAll(): void {
    const notices = [...waiting];
    waiting.clear();
    for (const [folder, cursor] of notices) {
      for (const listener of [...listeners]) {
        if (listeners.has(listener)) tell(listener.onNotice, folder, cursor);
      }
    }
  }

  function tell(onNotice: OnNotice, folder: FolderName, cursor: number): void {
    try {
      onNotice(folder, cursor);
    } catch (error) {
      onError(error);
    }
  }

  return {
    notify(folder, cursor) {
      if (stopped) return;
      if (waiting.size === 0) queueMicrotask(tellAll);
      waiting.set(folder, Math.max(cursor, waiting.get(folder) ?? 0));
    },
    listen(onNotice) {
      const listener = { onNotice };
      if (!stopped) listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      stopped = true;
      listeners.clear();
    },
  };
}

function raise(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
