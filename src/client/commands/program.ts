import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import type { Verb } from '../../protocol/held.ts';
import type { Implementations } from '../assemble.ts';
import { Refused } from '../refused.ts';
import { addPast } from './add-past.ts';
import { addWait } from './add-wait.ts';
import { CONFIG, type Done } from './registration.ts';

/** Runs what the arguments ask for; answers the exit code. What a command needs is loaded when it is the one asked for. */
export async function runProgram(
  args: readonly string[],
  implementations: Implementations,
): Promise<number> {
  let exitCode = 0;
  const done = (code: number): void => {
    exitCode = code;
  };
  try {
    await programOf(implementations, done).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

function programOf(implementations: Implementations, done: Done): Command {
  const program = new Command('syncer-client')
    .description('Keeps a directory in sync with the others through a Syncer server.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ sortOptions: false })
    .showHelpAfterError('(--help says more)')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', HELP.program);
  addInit(program, done);
  addStart(program, implementations, done);
  addPlan(program, implementations, done);
  addStatus(program, implementations, done);
  addWait(program, implementations, done);
  addConflicts(program, implementations, done);
  addResolve(program, implementations, done);
  addHeld(program, done);
  addWord(program, 'approve', done);
  addWord(program, 'undo', done);
  addTrash(program, implementations, done);
  addPast(program, implementations, done);
  return program;
}

function addInit(program: Command, done: Done): void {
  program
    .command('init')
    .description("write the client's configuration")
    .option('--name <name>', 'what others call this client (asked for when absent)')
    .option(
      '--sync-dir <directory>',
      'the directory to synchronize, as the configuration is to say it: relative to the directory of its file (asked for when absent)',
    )
    .option('--server-host <host>', 'where the server is', 'localhost')
    .option('--server-port <port>', 'and its port', '8000')
    .option(...CONFIG)
    .option('--force', 'overwrite a configuration that is there', false)
    .addHelpText('after', HELP.init)
    .action(async (options) => done(await (await import('./init.ts')).init(options)));
}

function addStart(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('start')
    .description('synchronize until Ctrl-C')
    .option(...CONFIG)
    .option('-v, --verbose', 'tell more of what is done', false)
    .option(
      '--reset',
      'forget what was synchronized, deleting nothing: equal files are united',
      false,
    )
    .option('--dry-run', 'only show what a round would do, as plan does', false)
    .addHelpText('after', HELP.start)
    .action(async ({ dryRun, ...options }) => {
      done(
        dryRun
          ? await planInstead(implementations, options)
          : await (await import('./start.ts')).start(implementations, options),
      );
    });
}

async function planInstead(
  implementations: Implementations,
  { config, reset }: { readonly config: string; readonly reset: boolean },
): Promise<number> {
  if (reset) throw new Refused('--dry-run cannot show a --reset. Leave one out.', { exitCode: 2 });
  return await (await import('./plan.ts')).plan(implementations, { config, json: false });
}

function addPlan(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('plan')
    .description('show what a round would do, and why, and do nothing')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.plan)
    .action(async (options) => {
      const { plan } = await import('./plan.ts');
      done(await plan(implementations, options));
    });
}

function addStatus(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('status')
    .description('show how things stand')
    .option('-w, --watch', 'go on showing it: what moves, how fast, what is behind', false)
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.status)
    .action(async ({ watch, ...options }) => {
      done(
        watch
          ? await watchInstead(options)
          : await (await import('./status.ts')).status(implementations, options),
      );
    });
}

async function watchInstead({
  config,
  json,
}: {
  readonly config: string;
  readonly json: boolean;
}): Promise<number> {
  if (json) throw new Refused('--watch prints no JSON. Leave one out.', { exitCode: 2 });
  return await (await import('./status-watch.ts')).statusWatch({ config });
}

function addConflicts(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('conflicts')
    .description('list conflict copies')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.conflicts)
    .action(async (options) => {
      const { conflicts } = await import('./conflicts.ts');
      done(await conflicts(implementations, options));
    });
}

function addResolve(program: Command, implementations: Implementations, done: Done): void {
  const keep = new Option('--keep <version>', 'which version is to have the path')
    .choices(['local', 'remote', 'both', 'merge'])
    .makeOptionMandatory();
  program
    .command('resolve')
    .description('settle a conflict')
    .argument('<path>', 'a conflict copy, or the file it is a copy of')
    .addOption(keep)
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.resolve)
    .action(async (path: string, options) => {
      const { resolve } = await import('./resolve.ts');
      done(await resolve(implementations, { ...options, path }));
    });
}

function addHeld(program: Command, done: Done): void {
  program
    .command('held')
    .description('list what waits for your word: deletions or overwrites of very many files')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.held)
    .action(async (options) => {
      const { held } = await import('./held.ts');
      done(held(options));
    });
}

const WORDS: Record<Verb, string> = {
  approve: 'let what is held be done',
  undo: 'turn what is held round: what was deleted or replaced comes back',
};

function addWord(program: Command, verb: Verb, done: Done): void {
  program
    .command(verb)
    .description(WORDS[verb])
    .argument('[id]', 'of one hold, as held lists it (all that are held when absent)')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP[verb])
    .action(async (id: string | undefined, options) => {
      const { giveWord } = await import('./held.ts');
      done(await giveWord({ ...options, verb, id }));
    });
}

function addTrash(program: Command, implementations: Implementations, done: Done): void {
  const trash = program
    .command('trash')
    .description('list or bring back what the client replaced or deleted here')
    .addHelpText('after', HELP.trash);
  trash
    .command('list')
    .description('list what is in the trash, newest first')
    .argument('[path]', 'only what was there, or below it')
    .option('--server', "the server's trash: what was deleted anywhere", false)
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.trashList)
    .action(async (path: string | undefined, { server, ...options }) => {
      const list = server
        ? (await import('./server-trash.ts')).serverTrashList
        : (await import('./trash.ts')).trashList;
      done(await list(implementations, { ...options, path }));
    });
  trash
    .command('restore')
    .description('bring files and directories back; nothing is ever written over')
    .argument('<path...>', 'what was there, or below it')
    .option('--day <day>', 'which of several: a day, or the beginning of a time as list shows it')
    .option('--to <path>', 'another place for it; a directory that is there: into that')
    .option('--server', "from the server's trash: what was deleted anywhere", false)
    .option('--version <version>', 'with --server: which of several deletions, as list shows it')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.trashRestore)
    .action(async (paths: string[], { server, ...options }) => {
      const restore = server
        ? (await import('./server-trash.ts')).serverTrashRestore
        : (await import('./trash.ts')).trashRestore;
      done(await restore(implementations, { ...options, paths }));
    });
}

function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

/** Says what went wrong; commander has said it itself by then. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Refused) {
    process.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: Something went wrong that should not. Please report it.\n${text}\n`);
  return 1;
}

const HELP = {
  program: `
Examples:
  $ syncer-client init --name Anna --sync-dir ./sync --server-host files.example.org
  $ syncer-client start
  $ syncer-client status --json

Exit codes: 0 done, 1 a configuration or run-time error, 2 wrong usage.`,
  init: `
Examples:
  $ syncer-client init                                  asks for the name and the directory
  $ syncer-client init --name Anna --sync-dir ./sync
  $ syncer-client init -c work.yaml --name Anna --sync-dir ~/Work --server-port 9000`,
  start: `
Examples:
  $ syncer-client start                  with ./config.yaml; one with defaults is made when there is none
  $ syncer-client start -c work.yaml -v
  $ syncer-client start --reset          after the directory or the server was replaced
  $ syncer-client start --dry-run        what it would do, without doing it

What the client remembers, and its log, are in $SYNCER_STATE_HOME, else $XDG_STATE_HOME/syncer, else
~/.local/state/syncer. What it replaces or deletes is kept for a while in .syncer/trash in the directory.`,
  plan: `
Nothing is written, to the directory, to what the client remembers, or to the server. It works beside a client
that runs, and for one that never ran.

Examples:
  $ syncer-client plan
  $ syncer-client plan --json`,
  status: `
Examples:
  $ syncer-client status
  $ syncer-client status -c work.yaml --json
  $ syncer-client status --watch         until Ctrl-C or q`,
  conflicts: `
Examples:
  $ syncer-client conflicts
  $ syncer-client conflicts --json`,
  held: `
When very many files would be deleted or overwritten at once, on this disk or on the server, exactly those are
held, and the rest goes on. Nothing of them is done until you say approve or undo; that works whether or not
a client is running.

Examples:
  $ syncer-client held
  $ syncer-client held --json`,
  approve: `
It holds for exactly what is listed; when more has come since, you are asked again.

Examples:
  $ syncer-client approve                all that is held
  $ syncer-client approve 3f2a90c11b07   one of several, as syncer-client held lists them`,
  undo: `
Files that were deleted here come back from the server; files that were deleted on the server are put back
there. Of overwritten ones the old contents come back, and the new ones go to .syncer/trash or stay in the
server's history.

Examples:
  $ syncer-client undo                all that is held
  $ syncer-client undo 3f2a90c11b07   one of several, as syncer-client held lists them`,
  trash: `
What a remote change or resolve replaces or deletes here is kept in .syncer/trash in the directory: for 30
days, and the newest 10 GiB of it (or a tenth of the disk, if that is less). What you delete yourself is not
there, but in the server's trash: --server.

Examples:
  $ syncer-client trash list
  $ syncer-client trash restore report.txt`,
  trashList: `
Examples:
  $ syncer-client trash list
  $ syncer-client trash list photos --json
  $ syncer-client trash list --server`,
  trashRestore: `
Of several versions the one that came last into the trash is brought back; --day chooses another. Where
the name is taken, it comes back beside that, as "report (restored 2026-11-22 14-03-55).txt".

Examples:
  $ syncer-client trash restore report.txt
  $ syncer-client trash restore photos --day 2026-11-22
  $ syncer-client trash restore report.txt --day "2026-11-22 14:03" --to old/report.txt
  $ syncer-client trash restore --server report.txt`,
  resolve: `
local: the version made on this client is to have the path; remote: the other one; both: the copy gets a
name of its own; merge: the original gets the changes of both, where they are texts that were changed in
different lines, and this client made the copy. What gives way goes to .syncer/trash in the directory. Of an original all copies are
settled; name one copy to settle just that.

Examples:
  $ syncer-client resolve report.txt --keep local
  $ syncer-client resolve report.txt --keep merge
  $ syncer-client resolve "report (conflict, Ben, 2026-11-22 17-54-14).txt" --keep both`,
} as const;
