import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, type Program, until } from '../../../test/end-to-end/processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const inBench = (path: string): string => join(bench.directory, path);
/** Where nobody listens. */
const NOWHERE = { port: 1 };

async function statusOf({ config }: ClientHome): Promise<Record<string, unknown>> {
  const program = bench.run('syncer-client', 'status', '--json', '-c', config);
  expect(await program.ended()).toBe(0);
  return JSON.parse(program.output);
}

/** Its exit code, and all it said, of a start that is refused. */
async function refused(program: Program): Promise<string> {
  expect(await program.ended()).toBe(1);
  expect(program.output).toContain('error: ');
  return program.output;
}

const signal = (program: Program, name: NodeJS.Signals): boolean => process.kill(program.pid, name);

describe('without a server', () => {
  it('makes a missing configuration with defaults, says so, and keeps trying', async () => {
    const program = bench.run('syncer-client', 'start', '-c', 'own.yaml');
    await program.says(/Made the configuration .*own\.yaml: client_name default-client/);
    expect(readFileSync(inBench('own.yaml'), 'utf8')).toContain('sync_directory: ./sync\n');
    expect(await program.stop()).toBe(0);
  });

  it('says that it is offline, also to status; ends with 0 at SIGINT, and status knows', async () => {
    const home = await bench.client('anna', NOWHERE);
    const program = home.start();
    await program.says(/offline \(localhost:1\): .* It keeps trying\./);
    await until(async () => (await statusOf(home)).running === true);
    expect(await statusOf(home)).toMatchObject({
      connection: 'offline',
      in_sync: false,
      pid: program.pid,
    });
    signal(program, 'SIGINT');
    expect(await program.ended()).toBe(0);
    expect(await statusOf(home)).toMatchObject({ running: false, connection: 'not_running' });
  });

  it('takes signals that come together for one Ctrl-C; a later one ends it at once with 130', async () => {
    const home = await bench.client('anna', NOWHERE);
    const program = home.start();
    await program.says(/offline/);
    signal(program, 'SIGINT');
    signal(program, 'SIGINT');
    expect(await program.ended()).toBe(0);

    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const stuck = (await bench.client('ben', { port })).start();
    await stuck.says(/State and log/);
    await until(() => existsSync(inBench('ben/files/.syncer')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    signal(stuck, 'SIGINT');
    await stuck.says(/Stopping/);
    await new Promise((resolve) => setTimeout(resolve, 700));
    signal(stuck, 'SIGINT');
    expect(await stuck.ended()).toBe(130);
    silent.close();
  });

  it('is halted when the directory goes away, says the way out, and goes on when it is back', async () => {
    const home = await bench.client('anna', NOWHERE);
    const program = home.start();
    await program.says(/offline/);
    writeFileSync(join(home.directory, 'a.txt'), 'a');
    await until(async () => (await statusOf(home)).pending === 1);
    renameSync(home.directory, `${home.directory}-away`);
    await program.says(/halted: .*--reset/);
    expect(await statusOf(home)).toMatchObject({ connection: 'halted', files: 0 });
    renameSync(`${home.directory}-away`, home.directory);
    await until(async () => (await statusOf(home)).connection === 'offline');
    expect(await program.stop()).toBe(0);
    expect(existsSync(join(home.directory, 'a.txt'))).toBe(true);
  });

  it('a client that was killed is not taken for a running one', async () => {
    const home = await bench.client('anna', NOWHERE);
    const program = home.start();
    await program.says(/offline/);
    await until(async () => (await statusOf(home)).running === true);
    await program.kill();
    expect(await statusOf(home)).toMatchObject({ running: false });
  });

  it('refuses a second client on the same directory, and leaves the first alone', async () => {
    const home = await bench.client('anna', NOWHERE);
    const first = home.start();
    await first.says(/offline/);
    expect(await refused(home.start())).toContain('Another syncer-client is at work');
    const reset = bench.run('syncer-client', 'start', '--reset', '-c', home.config);
    expect(await refused(reset)).toContain('Another syncer-client is at work');
    expect(await first.stop()).toBe(0);
  });

  it('sets a damaged state aside, says so, and goes on', async () => {
    const home = await bench.client('anna', NOWHERE);
    const first = home.start();
    await first.says(/offline/);
    await first.stop();
    const folder = String((await statusOf(home)).state_directory);
    writeFileSync(join(folder, 'state.sqlite'), 'not a database');
    expect(await statusOf(home)).toMatchObject({ pending: 0 });
    const second = home.start();
    await second.says(/warning: The old state was set aside as .*nothing is deleted/s);
    await second.says(/offline/);
    expect(await second.stop()).toBe(0);
    const aside = readdirSync(folder).filter((name) => /^state\.sqlite\.\d{4}-[\dT-]+$/.test(name));
    expect(aside).toHaveLength(1);
  });

  it('names a directory that is none, and one that cannot be made', async () => {
    const home = await bench.client('anna', NOWHERE);
    rmSync(home.directory, { recursive: true });
    writeFileSync(home.directory, '');
    expect(await refused(home.start())).toContain(`${home.directory} is not a directory`);
    writeFileSync(home.config, 'client_name: anna\nsync_directory: ./files/below\n');
    expect(await refused(home.start())).toContain(`${home.directory}/below`);
    writeFileSync(home.config, 'client_name: anna\nsync_directory: /proc/nothing\n');
    expect(await refused(home.start())).toContain('/proc/nothing');
  });

  it('refuses a wrong value with key, value and reason', async () => {
    const home = await bench.client('anna', NOWHERE, 'heartbeat_interval: -1\n');
    expect(await refused(home.start())).toMatch(/heartbeat_interval is -1: it /);
  });

  it('warns of a configuration that others would get', async () => {
    writeFileSync(inBench('config.yaml'), 'client_name: a\nsync_directory: .\nserver_port: 1\n');
    const program = bench.run('syncer-client', 'start');
    expect(await refused(program)).toContain('SYNCER_STATE_HOME');
    const more = 'ignore_patterns: [/state/]\n';
    writeFileSync(
      inBench('config.yaml'),
      `client_name: a\nsync_directory: .\nserver_port: 1\n${more}`,
    );
    const second = bench.run('syncer-client', 'start');
    await second.says(/warning: .*config\.yaml lies in the synchronized directory/);
    await second.stop();
  });
});

describe('with a server', () => {
  it('tells each change on both sides, how it stands, and puts it into the log', async () => {
    const server = await bench.server();
    const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
    const [one, other] = [anna.start(), ben.start()];
    await Promise.all([one.says(/in sync/), other.says(/in sync/)]);
    // Whole at once: of a slow write others may see the small beginning.
    const save = (name: string): void => {
      const aside = join(anna.directory, '..', 'aside');
      writeFileSync(aside, 'hello');
      renameSync(aside, join(anna.directory, name));
    };
    save('a\u202e.txt');
    await one.says(/→ sent {6}create {2}.*5 B/);
    save('b.txt');
    await other.says(/← received {2}create {2}b\.txt {2}5 B/);
    expect(one.output).not.toContain('\u202e');
    await until(async () => (await statusOf(ben)).in_sync === true);
    expect(await statusOf(ben)).toMatchObject({
      connection: 'connected',
      pending: 0,
      lag_seconds: 0,
    });

    const { state_directory: folder } = await statusOf(ben);
    expect(readFileSync(join(String(folder), 'client.log'), 'utf8')).toContain('"path":"b.txt"');
    await server.program.stop();
    await one.says(/offline/);
    expect(await one.stop()).toBe(0);
    expect(await other.stop()).toBe(0);
  });

  it('a wrong API key is said plainly, and ends the start; the right one does not', async () => {
    writeFileSync(inBench('server.yaml'), 'api_keys: [right-right-right]\n');
    const server = await bench.server(['--config', inBench('server.yaml')]);
    const none = await bench.client('none', server);
    expect(await refused(none.start())).toContain('There is no api_key in');
    const wrong = await bench.client('wrong', server, 'api_key: wrong-wrong-wrong\n');
    const said = await refused(wrong.start());
    expect(said).toContain('The server does not take the api_key in');
    expect(said).not.toContain('wrong-wrong');
    const right = await bench.client('right', server, 'api_key: right-right-right\n');
    await right.start().says(/in sync/);
  });

  it('--reset deletes nothing on either side, and unites what is equal', async () => {
    const server = await bench.server();
    const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
    mkdirSync(join(anna.directory, 'd'));
    writeFileSync(join(anna.directory, 'd', 'kept.txt'), 'kept');
    const first = anna.start();
    await first.says(/in sync: 1 file/);
    await first.stop();
    rmSync(join(anna.directory, 'd'), { recursive: true });
    writeFileSync(join(anna.directory, 'new.txt'), 'new');
    const again = bench.run('syncer-client', 'start', '--reset', '-c', anna.config);
    await again.says(/set aside as .*in sync: 2 files/s);
    expect(readFileSync(join(anna.directory, 'd', 'kept.txt'), 'utf8')).toBe('kept');
    await ben.start().says(/in sync: 2 files/);
    expect(existsSync(join(ben.directory, 'new.txt'))).toBe(true);
  });

  it('a conflict is listed and settled while the clients run, and nothing is lost', async () => {
    const server = await bench.server();
    const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
    const ofAnna = join(anna.directory, 'a.txt');
    const ofBen = join(ben.directory, 'a.txt');
    writeFileSync(ofBen, 'from ben');
    const first = ben.start();
    await first.says(/in sync: 1 file/);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    writeFileSync(ofAnna, 'from anna, later');
    const second = anna.start();
    const conflicts = async () => (await statusOf(anna)).conflicts as { path: string }[];
    await until(async () => (await conflicts()).length === 1);
    expect(readFileSync(ofAnna, 'utf8')).toBe('from anna, later');

    const settled = bench.run(
      'syncer-client',
      'resolve',
      'a.txt',
      '--keep',
      'remote',
      '-c',
      anna.config,
    );
    expect(await settled.ended()).toBe(0);
    await until(() => existsSync(ofBen) && readFileSync(ofBen, 'utf8') === 'from ben');
    await until(() => readdirSync(ben.directory).filter((name) => name !== '.syncer').length === 1);
    expect(readdirSync(anna.directory).sort()).toEqual(['.syncer', 'a.txt']);
    await Promise.all([first.stop(), second.stop()]);
  });
});
