import {
  edits,
  firstSync,
  manyNewFiles,
  memoryAtRest,
  renamedDirectory,
  restart,
} from './files.ts';
import { changedInTheMiddle, insertedAtTheFront, newLargeFile } from './large-file.ts';
import type { Line } from './line.ts';

const ALL = ['Syncer', 'rsync', 'Unison', 'Syncthing'] as const;
const LIVE = ['Syncer', 'Syncthing'] as const;

/** What happens in one session, in this order. */
export const MAIN_LINES: readonly Line[] = [
  { key: 'first', contenders: ALL, after: [], run: (arena) => firstSync(arena) },
  { key: 'memory', contenders: LIVE, after: ['first'], run: memoryAtRest },
  { key: 'edit', contenders: LIVE, after: ['first'], run: (arena) => edits(arena) },
  { key: 'many', contenders: ALL, after: ['first'], run: manyNewFiles },
  { key: 'rename', contenders: ['Syncer'], after: ['first'], run: renamedDirectory },
  { key: 'restart', contenders: ALL, after: ['first'], run: restart },
  { key: 'large', contenders: ALL, after: ['first'], run: newLargeFile },
  { key: 'middle', contenders: ALL, after: ['first', 'large'], run: changedInTheMiddle },
  { key: 'front', contenders: ALL, after: ['first', 'large'], run: insertedAtTheFront },
];
