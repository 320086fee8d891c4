import type { Command } from 'commander';
import type { Implementations } from '../assemble.ts';
import { CONFIG, type Done } from './registration.ts';

/** The command that waits until everything is where it belongs. */
export function addWait(program: Command, implementations: Implementations, done: Done): void {
  program
    .command('wait')
    .description('wait until everything up to now is applied here, or on all clients')
    .option('--all-clients', 'until every client that the server knows has it', false)
    .option('--connected', 'of all clients, only those that are connected', false)
    .option('--timeout <seconds>', 'at most so long (as long as it takes when absent)')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', HELP)
    .action(async (options) => {
      const { wait } = await import('./wait.ts');
      done(await wait(implementations, { timeout: undefined, ...options }));
    });
}

const HELP = `
The client that runs looks at its whole directory first, and offers what it finds. What the server has then is
what is waited for. Paths that are in trouble or held count as not applied. A client that will not come back is
waited for until it is removed, on the clients' page of the web app; --connected leaves out those that are away.

Examples:
  $ syncer-client wait
  $ syncer-client wait --all-clients --timeout 60
  $ syncer-client wait --all-clients --connected --json

Exit codes: 0 everything is applied, 1 a configuration or run-time error (no client runs, say), 2 wrong usage,
3 not everything is applied within the timeout; those that are behind are named.`;
