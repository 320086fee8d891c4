const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One press of Ctrl-C may come several times: from the terminal, and from each program (npm, npx, our own
 * guard) that passes it on. Within this time they are one. Milliseconds.
 */
const ONE_PRESS = 500;

/** Calls `stop` at the first signal. A second one ends the process at once, with 130 for Ctrl-C. */
export function onStopSignal(stop: () => void): void {
  let first: number | undefined;
  const heed = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > ONE_PRESS) {
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
  };
  for (const signal of SIGNALS) process.on(signal, heed);
}

/** Calls `stop` when nobody reads any more what is printed (`syncer-client start | head`). */
export function onClosedOutput(stop: () => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') stop();
    });
  }
}
