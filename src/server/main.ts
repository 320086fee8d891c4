import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { makeDirectory } from './make-directory.ts';
import type { Storage } from './start-server.ts';
import { readVersion } from './version.ts';

const EXAMPLES = `
Examples:
  syncer-server
      on http://localhost:8000, with everything kept in ./sync_data
  syncer-server --host 0.0.0.0 --port 9000 --sync-directory /srv/syncer
  syncer-server --config /etc/syncer/server.yaml --verbose
  SYNCER_API_KEYS=a-long-secret syncer-server --host 0.0.0.0

Every key of the configuration is also an environment variable: max_file_size is SYNCER_MAX_FILE_SIZE.
What is typed goes before the environment, that before the file, that before the defaults.`;

/** Wrong usage, as the shells have it. */
const USAGE = 2;

const program = new Command('syncer-server')
  .description('The server that clients synchronize their folders through.')
  .version(readVersion(), '-V, --version', 'show the version')
  .option('--host <host>', 'where to listen (default: localhost)')
  .option('--port <port>', 'the port; 0 for any free one (default: 8000)')
  .option('--sync-directory <directory>', 'where everything is kept (default: ./sync_data)')
  .option('--config <file>', 'a YAML file with the configuration')
  .option('-v, --verbose', 'say more', false)
  .helpOption('-h, --help', 'show this help')
  .addHelpText('after', EXAMPLES)
  .allowExcessArguments(false)
  .exitOverride()
  .action(async ({ host, port, syncDirectory, config: file, verbose: isVerbose }) => {
    const { serve } = await import('./commands/serve.ts');
    const flags = { host, port, sync_directory: syncDirectory };
    await serve({ flags, file, isVerbose, openStorage });
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
}

/** Everything in one directory of this machine. */
async function openStorage(directory: string): Promise<Storage> {
  await makeDirectory(directory);
  const { takeLock } = await import('./metadata/sqlite/lock.ts');
  const lock = takeLock(join(directory, 'lock'));
  if (lock === undefined) throw new Error('another server uses it');
  try {
    const { openSqliteMetadata } = await import('./metadata/sqlite/store.ts');
    const { filesystemObjects } = await import('./objects/filesystem.ts');
    const { memoryNotifier } = await import('./notifier/memory.ts');
    const metadata = await openSqliteMetadata({ path: join(directory, 'metadata.sqlite') });
    const objects = await filesystemObjects(join(directory, 'objects'));
    const close = async (): Promise<void> => {
      await metadata.close();
      lock.release();
    };
    return { metadata, objects, notifier: memoryNotifier(), close };
  } catch (error) {
    lock.release();
    throw error;
  }
}
