import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../system/program.ts';
import type { Contender, Place, Session } from './contender.ts';
import { versionOf } from './installed.ts';
import { isListening } from './is-listening.ts';

const PORT = 22_000;

/** Two instances that speak to each other directly, and nobody else; they watch, with the least delay. */
export const syncthing: Contender = {
  name: 'Syncthing',
  isLive: true,
  version: () => versionOf('syncthing', ['--version'], /syncthing v(\S+)/),
  open,
};

interface Instance {
  readonly role: 'A' | 'B';
  readonly home: string;
  readonly id: string;
  readonly directory: string;
}

async function open({ home, a, b, network }: Place): Promise<Session> {
  const one = prepare({ role: 'A', home: join(home, 'a'), directory: a });
  const two = prepare({ role: 'B', home: join(home, 'b'), directory: b });
  const addressOfTwo = `tcp://${network.address('b')}:${PORT}`;
  const addresses = { mine: 'tcp://127.0.0.1:0', other: addressOfTwo };
  writeConfig(one, two, addresses);
  writeConfig(two, one, { mine: addressOfTwo, other: 'dynamic' });
  const launch = ({ role, home: own }: Instance, host: 'a' | 'b'): Program =>
    new Program({
      role,
      command: [...network.runOn(host), 'syncthing', 'serve', ...OPTIONS, `--home=${own}`],
      cwd: own,
      env: { HOME: own, STNOUPGRADE: '1' },
    });
  const server = launch(two, 'b');
  const programs = [server];
  await isListening(server, network.address('b'), PORT);
  const start = async (): Promise<void> => {
    programs.push(launch(one, 'a'));
  };
  const stop = async (): Promise<void> => programs.at(-1)?.stop();
  return { programs, start, stop, carry: async () => {}, close: () => closeAll(programs) };
}

const OPTIONS = ['--no-browser', '--no-restart', '--no-default-folder'];

const closeAll = async (programs: readonly Program[]): Promise<void> => {
  await Promise.all(programs.map((each) => each.stop()));
};

function prepare(wanted: Omit<Instance, 'id'>): Instance {
  mkdirSync(wanted.home);
  const options = {
    stdio: 'pipe',
    encoding: 'utf8',
    env: { ...process.env, HOME: wanted.home },
  } as const;
  execFileSync('syncthing', ['generate', `--home=${wanted.home}`, '--no-default-folder'], options);
  const id = execFileSync('syncthing', [`--home=${wanted.home}`, '--device-id'], options).trim();
  return { ...wanted, id };
}

/** Seconds between an event and the look at it: the least that all versions take. The default is 10. */
const DELAY = 1;

function writeConfig(
  own: Instance,
  other: Instance,
  { mine, other: address }: { mine: string; other: string },
): void {
  const device = (id: string, where: string): string =>
    `<device id="${id}" compression="metadata"><address>${where}</address></device>`;
  const text = `<configuration version="36">
  <folder id="bench" path="${own.directory}" type="sendreceive" rescanIntervalS="3600"
      fsWatcherEnabled="true" fsWatcherDelayS="${DELAY}" ignorePerms="false" autoNormalize="true">
    <device id="${own.id}"/><device id="${other.id}"/>
    <minDiskFree unit="%">0</minDiskFree>
  </folder>
  ${device(own.id, 'dynamic')}
  ${device(other.id, address)}
  <gui enabled="false"/>
  <options>
    <listenAddress>${mine}</listenAddress>
    <globalAnnounceEnabled>false</globalAnnounceEnabled>
    <localAnnounceEnabled>false</localAnnounceEnabled>
    <relaysEnabled>false</relaysEnabled>
    <natEnabled>false</natEnabled>
    <startBrowser>false</startBrowser>
    <urAccepted>-1</urAccepted>
    <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
    <crashReportingEnabled>false</crashReportingEnabled>
    <setLowPriority>false</setLowPriority>
  </options>
</configuration>
`;
  writeFileSync(join(own.home, 'config.xml'), text);
}
