import { readConfig } from '../config.ts';
import { ConfigRefused } from '../config-refused.ts';
import { createLog, type Log } from '../log.ts';
import { type LogFile, openLogFile } from '../log-file.ts';
import { terminalSink } from '../log-line.ts';
import { createMetrics } from '../metrics.ts';
import { StartRefused } from '../start-refused.ts';
import { type RunningServer, type StartParts, startServer } from '../start-server.ts';

export interface ServeOptions {
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Of the configuration. */
  readonly file: string | undefined;
  readonly isVerbose: boolean;
  readonly openStorage: StartParts['openStorage'];
  readonly webDirectory: string;
}

/** Milliseconds from the signal to the end, at most. */
const DEADLINE = 9_500;
/** As shells count an interrupt. */
const INTERRUPTED = 130;

/** Runs the server until SIGINT or SIGTERM. A refused start is told in a sentence, with exit code 1. */
export async function serve(options: ServeOptions): Promise<void> {
  try {
    await run(options);
  } catch (error) {
    const isKnown = error instanceof ConfigRefused || error instanceof StartRefused;
    console.error(isKnown ? `syncer-server: ${error.message}` : error);
    process.exitCode = 1;
  }
}

async function run({ flags, file, isVerbose, ...parts }: ServeOptions): Promise<void> {
  const { config, warnings } = await readConfig({
    flags,
    file,
    env: process.env,
    cwd: process.cwd(),
  });
  const logFile = config.log_file === null ? undefined : mustOpenLogFile(config.log_file);
  // A terminal that is gone must not take the server with it.
  process.stdout.on('error', () => {});
  const sinks = [terminalSink(process.stdout), ...(logFile === undefined ? [] : [logFile.sink])];
  const log = createLog({ isVerbose, sinks });
  for (const warning of warnings) log.warn({}, warning);
  endOnError(log, logFile);
  const metrics = createMetrics({ ofProcess: true });
  const server = await startServer(config, { ...parts, log, metrics });
  stopOnSignal(server, { log, logFile });
}

function mustOpenLogFile(path: string): LogFile {
  try {
    return openLogFile({ path });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartRefused(`The log file ${path} cannot be written: ${reason}.`, { cause });
  }
}

interface Logs {
  readonly log: Log;
  readonly logFile: LogFile | undefined;
}

function stopOnSignal(server: RunningServer, { log, logFile }: Logs): void {
  let isStopping = false;
  const end = (code: number): never => {
    logFile?.flush();
    process.exit(code);
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) end(INTERRUPTED);
    isStopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({}, 'stopped before everything had ended');
      end(1);
    }, DEADLINE);
    server.stop().then(
      () => {
        log.info({}, 'stopped');
        end(0);
      },
      (err: unknown) => {
        log.error({ err }, 'it did not stop well');
        end(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** What nobody thought of ends the server: whoever runs it starts it again, from what is stored. */
function endOnError(log: Log, logFile: LogFile | undefined): void {
  process.on('uncaughtException', (err) => {
    log.error({ err }, 'the server ends, because of a mistake in it');
    logFile?.flush();
    process.exit(1);
  });
}
