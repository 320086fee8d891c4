import { connect } from 'node:net';
import type { Program } from '../system/program.ts';
import { until } from '../system/until.ts';

/** Waits until a program listens there. */
export async function isListening(program: Program, host: string, port: number): Promise<void> {
  const isSo = async (): Promise<boolean> => !program.isRunning || (await answers(host, port));
  await until(isSo, { seconds: 30, every: 50, what: `somebody listens at ${host}:${port}` });
  if (!program.isRunning) throw new Error(`It ended at once:\n${program.output}`);
}

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
