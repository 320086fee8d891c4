// What `npm start` runs: a real server and two real clients on two directories of this machine, until Ctrl-C.
// SYNCER_DEMO_SECONDS=n ends it by itself; SYNCER_DEMO_DIRECTORY=path keeps everything there.
import { onStopSignal } from '../../src/client/commands/stop-signals.ts';
import type { DemoProcess } from './demo-process.ts';
import { demoPlace, type Place } from './place.ts';
import { startClient, startServer } from './start-processes.ts';
import { welcome } from './welcome.ts';

const CLIENTS = ['anna', 'ben'] as const;

const signal = Promise.withResolvers<void>();
onStopSignal(signal.resolve);
const place = demoPlace(process.env);
const instead = place.isFallback ? ', as the checkout cannot be written' : '';
console.log(`Everything is kept in ${place.root}${instead}.`);
welcome(place.directoryOf('anna'));

const server = await startServer(place);
console.log(
  `The server listens at ${server.url}: open that in a browser, too.\n\n${whatToTry(place)}`,
);
let isOver = false;
const say = (line: string): void => {
  if (!isOver) console.log(line);
};
const clients = CLIENTS.map((name) => startClient(place, { name, port: server.port, say }));

const end = await endOf([server.process, ...clients]);
isOver = true;
console.log(`\n${end.reason}Stopping.`);
const codes = await Promise.all(clients.map((client) => client.stop()));
codes.push(await server.process.stop());
console.log(`Stopped. The next run continues with what is in ${place.root}.`);
process.exit(end.isWanted && codes.every((code) => code === 0) ? 0 : 1);

interface End {
  readonly isWanted: boolean;
  readonly reason: string;
}

/** A signal, the time that was given, or one that ended by itself. */
function endOf(running: readonly DemoProcess[]): Promise<End> {
  return new Promise((resolve) => {
    void signal.promise.then(() => resolve({ isWanted: true, reason: '' }));
    const seconds = Number(process.env.SYNCER_DEMO_SECONDS ?? '');
    const over = { isWanted: true, reason: `${seconds} seconds are over. ` };
    if (seconds > 0) setTimeout(() => resolve(over), seconds * 1000);
    const failed = { isWanted: false, reason: 'The server or a client has ended. ' };
    // A Ctrl-C of the terminal reaches everybody at once: then it is not their failure.
    for (const one of running) void one.ended.then(() => setTimeout(() => resolve(failed), 500));
  });
}

function whatToTry({ directoryOf }: Place): string {
  const [anna, ben] = CLIENTS.map(directoryOf);
  return [
    `  anna's directory  ${anna}`,
    `  ben's directory   ${ben}`,
    '',
    'Try in another terminal, and watch the lines below:',
    `  echo hello > ${anna}/hello.txt`,
    `  mv ${ben}/hello.txt ${ben}/bye.txt`,
    `  rm ${anna}/bye.txt`,
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}
