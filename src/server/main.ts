import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { RESTORING } from './commands/backup-directory.ts';
import { makeDirectory } from './make-directory.ts';
import type { ObjectStore } from './ports.ts';
import type { Storage } from './start-server.ts';
import { readVersion } from './version.ts';

const EXAMPLES = `
Examples:
  syncer-server
      on http://localhost:8000, with everything kept in ./sync_data
  syncer-server --host 0.0.0.0 --port 9000 --sync-directory /srv/syncer
  syncer-server --config /etc/syncer/server.yaml --verbose
  SYNCER_API_KEYS=a-long-secret syncer-server --host 0.0.0.0

  syncer-server backup /mnt/backup --config /etc/syncer/server.yaml
  syncer-server restore /mnt/backup --sync-directory /srv/new
  syncer-server check --config /etc/syncer/server.yaml --read-data 5
  syncer-server retention --config /etc/syncer/server.yaml

Every key of the configuration is also an environment variable: max_file_size is SYNCER_MAX_FILE_SIZE.
What is typed goes before the environment, that before the file, that before the defaults.`;

const HALF_RESTORED =
  'a restore of a backup was interrupted there; run syncer-server restore again';

/** Where the web app is built into: from a checkout's source as it is, and from what is published. */
const WEB_DIRECTORY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/web' : '../web', import.meta.url),
);

/**
 * Buffers count as heap, and the heap itself is small: as V8 lets it grow, whoever moves large files collects all garbage
 * for every 10 MiB that pass by, which was a third of the work. Percent.
 */
const ROOM_TO_GROW = '--heap-growing-percent=300';
/**
 * And beside that limit there is one for buffers alone, which no growth widens: a first sync of 20,000 files had all garbage
 * collected seventy times, which was 40 % of the work. So they count with the heap only.
 */
const BUFFERS_COUNT_ONCE = '--external-memory-accounted-in-global-limit';

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
  .enablePositionalOptions()
  .exitOverride()
  .action(async ({ host, port, syncDirectory, config: file, verbose: isVerbose }) => {
    for (const flag of [ROOM_TO_GROW, BUFFERS_COUNT_ONCE]) setFlagsFromString(flag);
    const { serve } = await import('./commands/serve.ts');
    const flags = { host, port, sync_directory: syncDirectory };
    await serve({ flags, file, isVerbose, openStorage, webDirectory: WEB_DIRECTORY });
  });

const BACKUP_EXAMPLES = `
It may run while the server does. Each backup into the same directory takes the place of the one before, and copies
only what is new; interrupted, it goes on the next time.

Examples:
  syncer-server backup /mnt/backup
  syncer-server backup /mnt/backup --config /etc/syncer/server.yaml --verify --json

Exit codes: 0 complete, 1 not, or something is missing in it, 2 wrong usage.`;

const RESTORE_EXAMPLES = `
The new directory must be empty, or not be there. The history gets another name, so clients notice: they delete
nothing, and bring back what they have and the backup lacks.

Examples:
  syncer-server restore /mnt/backup --sync-directory /srv/syncer
  syncer-server restore /mnt/backup --sync-directory /srv/syncer --verify

Exit codes: 0 restored, 1 not, or something was missing in the backup, 2 wrong usage.`;

const aboutBackups = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument('<directory>', 'where the backup is')
    .option('--config <file>', 'a YAML file with the configuration')
    .option('--verify', 'read back and verify everything', false)
    .option('--json', 'tell the outcome as JSON', false)
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false);

/** What the commands about backups have in common. */
const optionsOf = (directory: string, command: Command) => {
  const { syncDirectory, config: file, verify, json } = command.optsWithGlobals();
  const flags = { sync_directory: syncDirectory };
  return { directory, flags, file, isVerified: verify === true, isJson: json === true };
};

aboutBackups('backup', 'Copies everything that the server keeps into a directory.')
  .option('--sync-directory <directory>', 'where the server keeps everything')
  .addHelpText('after', BACKUP_EXAMPLES)
  .action(async (directory: string, _: unknown, command: Command) => {
    const { backup } = await import('./commands/backup.ts');
    const { takeLock } = await import('./metadata/sqlite/lock.ts');
    const { takeSnapshot } = await import('./metadata/sqlite/snapshot.ts');
    const implementations = { openObjects, takeSnapshot, takeLock };
    process.exitCode = await backup({ ...optionsOf(directory, command), implementations });
  });

aboutBackups('restore', 'Makes a server’s directory of a backup.')
  .option('--sync-directory <directory>', 'where the server is to keep everything from now on')
  .addHelpText('after', RESTORE_EXAMPLES)
  .action(async (directory: string, _: unknown, command: Command) => {
    const { restore } = await import('./commands/restore.ts');
    const { takeLock } = await import('./metadata/sqlite/lock.ts');
    const { putBackMetadata: putBack } = await import('./metadata/sqlite/put-back.ts');
    const implementations = { openObjects, putBack, takeLock };
    process.exitCode = await restore({ ...optionsOf(directory, command), implementations });
  });

const CHECK_EXAMPLES = `
It changes nothing, and may run while the server does. Each finding is a line with the paths it concerns and the way
out. --read-data reads and verifies that part of the stored chunks, others each time; 100 is all of them.

Examples:
  syncer-server check
  syncer-server check --config /etc/syncer/server.yaml --read-data 5
  syncer-server check --sync-directory /srv/syncer --read-data 100 --json

Exit codes: 0 everything is sound, 1 something is broken, 2 wrong usage.`;

program
  .command('check')
  .description('Looks for what is broken in what the server keeps.')
  .option('--sync-directory <directory>', 'where the server keeps everything')
  .option('--config <file>', 'a YAML file with the configuration')
  .option('--read-data <percent>', 'of the chunks: read and verify them too', percentOf, 0)
  .option('--json', 'tell the outcome as JSON', false)
  .helpOption('-h, --help', 'show this help')
  .allowExcessArguments(false)
  .addHelpText('after', CHECK_EXAMPLES)
  .action(async (_: unknown, command: Command) => {
    const { check } = await import('./commands/check.ts');
    const { openReadOnlyMetadata: openMetadata } = await import('./metadata/sqlite/read-only.ts');
    const { syncDirectory, config: file, readData, json } = command.optsWithGlobals();
    const flags = { sync_directory: syncDirectory };
    const implementations = { openObjects, openMetadata };
    const options = { flags, file, readPercent: readData, isJson: json === true, implementations };
    process.exitCode = await check(options);
  });

const RETENTION_EXAMPLES = `
It changes nothing, and may run while the server does, which removes these versions by itself, every six hours.

Examples:
  syncer-server retention --config /etc/syncer/server.yaml
  SYNCER_HISTORY_RETENTION='all 1d, day 30d' syncer-server retention --json

Exit codes: 0 said, 1 not, 2 wrong usage.`;

program
  .command('retention')
  .description('Says how many versions the configured retention would remove.')
  .option('--sync-directory <directory>', 'where the server keeps everything')
  .option('--config <file>', 'a YAML file with the configuration')
  .option('--json', 'tell it as JSON', false)
  .helpOption('-h, --help', 'show this help')
  .allowExcessArguments(false)
  .addHelpText('after', RETENTION_EXAMPLES)
  .action(async (_: unknown, command: Command) => {
    const { retention } = await import('./commands/retention.ts');
    const { openReadOnlyMetadata: openMetadata } = await import('./metadata/sqlite/read-only.ts');
    const { syncDirectory, config: file, json } = command.optsWithGlobals();
    const flags = { sync_directory: syncDirectory };
    process.exitCode = await retention({ flags, file, isJson: json === true, openMetadata });
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
}

function percentOf(text: string): number {
  const percent = /^\d+(?:\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new InvalidArgumentError('A percentage from 0 to 100 is expected.');
}

async function openObjects(
  directory: string,
  options: { readonly isReadOnly?: boolean } = {},
): Promise<ObjectStore> {
  const { filesystemObjects } = await import('./objects/filesystem.ts');
  return await filesystemObjects(directory, options);
}

/** Everything in one directory of this machine. */
async function openStorage(directory: string): Promise<Storage> {
  await makeDirectory(directory);
  const { takeLock } = await import('./metadata/sqlite/lock.ts');
  const lock = takeLock(join(directory, 'lock'));
  if (lock === undefined) throw new Error('another server uses it');
  try {
    if (existsSync(join(directory, RESTORING))) throw new Error(HALF_RESTORED);
    const { openSqliteMetadata } = await import('./metadata/sqlite/store.ts');
    const { memoryNotifier } = await import('./notifier/memory.ts');
    const metadata = await openSqliteMetadata({ path: join(directory, 'metadata.sqlite') });
    const objects = await openObjects(join(directory, 'objects'));
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
