import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { DirectoryWatcher } from './directory-watcher.ts';
import type { NodeWatcher, NodeWatcherOptions } from './options.ts';
import { queueLength } from './queue-length.ts';
import { RecursiveWatcher } from './recursive-watcher.ts';

/**
 * Watches a directory of this machine. Scan after `run` has resolved: what is there by then is not
 * reported. Whatever goes wrong is told as `everything`, with a reason, and never thrown.
 */
export function nodeWatcher(options: NodeWatcherOptions): NodeWatcher {
  const { recursive = SYSTEMS_THAT_WATCH_TREES.has(process.platform), ...rest } = options;
  const filled = { ignored: () => false, queue: queueLength(), retry: 1000, watch, ...rest };
  const parts = { ...filled, root: resolve(options.root) };
  return recursive ? new RecursiveWatcher(parts) : new DirectoryWatcher(parts);
}

const SYSTEMS_THAT_WATCH_TREES: ReadonlySet<string> = new Set(['darwin', 'win32']);
