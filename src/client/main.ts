import { randomUUID } from 'node:crypto';
import type { Implementations } from './assemble.ts';
import { runProgram } from './commands/program.ts';

const implementations: Implementations = {
  openDisk: async (options) =>
    (await import('./disk/node.ts')).nodeDisk({ ...options, system: { later: setImmediate } }),
  openState: async (path) =>
    (await import('./state/sqlite/open.ts')).openSqliteState({ path, newId: randomUUID }),
  readState: async (path) => (await import('./state/sqlite/open.ts')).readSqliteState({ path }),
  copyState: async (path) =>
    (await import('./state/sqlite/copy.ts')).copySqliteState({ path, newId: randomUUID }),
  setStateAside: async (names) =>
    (await import('./state/sqlite/open.ts')).setAsideSqliteState(names),
  openApi: async (options) => (await import('./api/http.ts')).httpApi(options),
  openFolder: async (options) => (await import('./api/folder/http.ts')).httpFolder(options),
  openLive: async (options) => (await import('./live/websocket.ts')).webSocketLive(options),
  openWatcher: async (options) => (await import('./watch/node.ts')).nodeWatcher(options),
};

process.exitCode = await runProgram(process.argv.slice(2), implementations);
// After an error something may still be connected, or watching. What was printed goes out first.
process.stdout.write('', () => process.exit());
