import type { Command } from 'commander';
import type { Implementations } from '../assemble.ts';
import { CONFIG, type Done } from './registration.ts';

/** The commands that look into the folder's past, or go back to it. */
export function addPast(program: Command, implementations: Implementations, done: Done): void {
  addHistory(program, implementations, done);
  addRestore(program, implementations, done);
  addLog(program, implementations, done);
  addRewind(program, implementations, done);
  addExplain(program, implementations, done);
}

function addHistory(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('history')
    .description('list every version of what is or was at a path, newest first')
    .argument('<path>', 'a file or directory, of now or of before')
    .option('--limit <count>', 'at most so many', '100')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.history)
    .action(async (path: string, options) => {
      const { history } = await import('./history.ts');
      done(await history(implementations, { ...options, path }));
    });
}

function addRestore(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('restore')
    .description('give a path back what it held, or bring back what was deleted')
    .argument('<path>', 'a file or directory, of now or of before')
    .requiredOption('--version <version>', 'which one, as history shows it')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.restore)
    .action(async (path: string, options) => {
      const { restore } = await import('./restore.ts');
      done(await restore(implementations, { ...options, path }));
    });
}

function addLog(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('log')
    .description('list who did what in the whole folder, newest first')
    .option('--since <time>', 'a time, a day, or how long ago (2h, 3d)')
    .option('--client <client>', 'only of this client: its name or id')
    .option('--limit <count>', 'at most so many', '100')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.log)
    .action(async (options) => {
      const { log } = await import('./log.ts');
      done(await log(implementations, options));
    });
}

function addRewind(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('rewind')
    .description('make a file, a directory or the whole folder what it was')
    .argument('<path>', 'what is to go back; . is the folder itself')
    .requiredOption('--to <moment>', 'a time, a day, how long ago (2h, 3d), or a version')
    .option('--dry-run', 'only show what would change', false)
    .option('-y, --yes', 'do not ask', false)
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.rewind)
    .action(async (path: string, options) => {
      const { rewind } = await import('./rewind.ts');
      done(await rewind(implementations, { ...options, path }));
    });
}

function addExplain(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('explain')
    .description('tell why a path is as it is: who made it so, and what is to come')
    .argument('<path>', 'a file or directory, of now or of before')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP.explain)
    .action(async (path: string, options) => {
      const { explain } = await import('./explain.ts');
      done(await explain(implementations, { ...options, path }));
    });
}

const HELP = {
  history: `
Examples:
  $ syncer-client history report.txt
  $ syncer-client history photos/2024 --limit 10 --json`,
  restore: `
What is there now stays in the history. Nothing is sent: the server has every version. Of a version that is a
deletion, what was deleted comes back, a directory with all that went with it.

Examples:
  $ syncer-client history report.txt              shows the versions
  $ syncer-client restore report.txt --version 41`,
  log: `
Examples:
  $ syncer-client log
  $ syncer-client log --since 2h --client Ben
  $ syncer-client log --since "2026-11-22 14:00" --limit 1000 --json`,
  explain: `
Also why there is a conflict copy, which ignore pattern hides it, whether the client has a problem with it or
holds it, and whether what is on this disk is what the server has.

Examples:
  $ syncer-client explain report.txt
  $ syncer-client explain "report (conflict, Ben, 2026-11-22 17-54-14).txt" --json`,
  rewind: `
It is shown what that would change, and asked whether it is meant; without a terminal, say --yes. Nothing is
lost: everything since stays in the history, and the answer says how to take it back. What was committed
together counts whole.

Examples:
  $ syncer-client rewind photos --to 2h --dry-run
  $ syncer-client rewind report.txt --to "2026-11-22 14:00"
  $ syncer-client rewind . --to 1041 --yes        the whole folder, to a version`,
} as const;
