import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KnownClients } from '../../src/protocol/client-info.ts';
import { Bench, type ClientHome, type Program, type RunningServer, until } from './processes.ts';
import { treeOf } from './tree.ts';

let bench: Bench;
let server: RunningServer;
let anna: ClientHome;
let ben: ClientHome;
let running: Program[];
beforeEach(async () => {
  bench = await Bench.open();
  server = await bench.server();
  anna = await bench.client('anna', server);
  ben = await bench.client('ben', server);
  running = [anna.start(), ben.start()];
  for (const program of running) await program.says(/in sync/);
  await until(async () => (await clients()).filter((one) => one.is_online).length === 2);
});
afterEach(async () => {
  for (const program of running) program.signal('SIGCONT');
  await bench.close();
});

const wait = (home: ClientHome, ...args: string[]): Program =>
  bench.run('syncer-client', 'wait', '-c', home.config, ...args);

/** In one step, so that it is one change. */
function save({ directory }: ClientHome, name: string): void {
  const fresh = join(bench.directory, name);
  writeFileSync(fresh, name);
  renameSync(fresh, join(directory, name));
}

const names = ({ directory }: ClientHome): string[] => [...treeOf(directory).keys()].sort();

async function clients(): Promise<KnownClients['clients']> {
  const answer = await fetch(`${server.url}/v1/clients`);
  return ((await answer.json()) as KnownClients).clients;
}

describe('wait', () => {
  it('returns when this client has offered what is here, and has what the server had by then', async () => {
    for (let n = 0; n < 30; n += 1) save(ben, `ben-${n}`);
    const bens = wait(ben, '--timeout', '60');
    expect([await bens.ended(), bens.output]).toEqual([
      0,
      expect.stringContaining('This client has everything up to change 30.'),
    ]);
    const annas = wait(anna, '--json');
    expect(await annas.ended()).toBe(0);
    expect(JSON.parse(annas.output)).toMatchObject({ done: true, whom: 'client', cursor: 30 });
    expect(names(anna)).toEqual(names(ben));
  });

  it('for all clients names the one that is stopped, and returns when it has caught up', async () => {
    running[1]?.signal('SIGSTOP');
    save(anna, 'while-ben-stands-still');
    const late = wait(anna, '--all-clients', '--timeout', '3');
    expect(await late.ended()).toBe(3);
    expect(late.output).toMatch(/Behind change 1:\n {2}ben: 1 change behind, for \d+ s; connected/);
    expect(late.output).not.toContain('anna:');

    const all = wait(anna, '--all-clients', '--timeout', '60');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(all.isRunning).toBe(true);
    running[1]?.signal('SIGCONT');
    expect([await all.ended(), all.output]).toEqual([
      0,
      expect.stringContaining('Every client has everything up to change 1.'),
    ]);
    expect(names(ben)).toEqual(['while-ben-stands-still']);
  });

  it('waits for those that are away too, unless told otherwise, or they were removed', async () => {
    save(anna, 'for both');
    expect(await wait(anna, '--all-clients', '--timeout', '60').ended()).toBe(0);
    await running[1]?.stop();
    save(anna, 'for anna');
    const late = wait(anna, '--all-clients', '--timeout', '2', '--json');
    expect(await late.ended()).toBe(3);
    const told = { name: 'ben', is_online: false, cursor: 1, lag_changes: 1 };
    expect(JSON.parse(late.output)).toMatchObject({ done: false, behind: 1, clients: [told] });
    const connected = wait(anna, '--all-clients', '--connected', '--timeout', '60');
    expect([await connected.ended(), connected.output]).toEqual([
      0,
      'Every connected client has everything up to change 2.\n',
    ]);
    const bens = (await clients()).find(({ name }) => name === 'ben')?.client_id ?? '';
    await fetch(`${server.url}/v1/clients/${bens}`, { method: 'DELETE' });
    expect(await wait(anna, '--all-clients', '--timeout', '60').ended()).toBe(0);
  });

  it('says what to do where no client runs', async () => {
    await running[0]?.stop();
    const annas = wait(anna);
    expect(await annas.ended()).toBe(1);
    expect(annas.output).toContain(`Start it: syncer-client start -c ${anna.config}`);
  });

  it('names what keeps this client from being done, and goes on when that is over', async () => {
    await server.program.kill();
    save(anna, 'unsent');
    const offline = wait(anna, '--timeout', '4');
    expect(await offline.ended()).toBe(3);
    expect(offline.output).toMatch(
      /Not everything is applied after 4 s: this client is offline \(/,
    );
    const back = wait(anna, '--all-clients', '--timeout', '90');
    server = await bench.server([], server.port);
    expect([await back.ended(), back.output]).toEqual([0, expect.stringContaining('change 1.')]);
    expect(names(ben)).toEqual(['unsent']);
  });

  it('is not done while a path cannot proceed', async () => {
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(anna.directory, 'socket'), resolve));
    const late = wait(anna, '--timeout', '3');
    expect(await late.ended()).toBe(3);
    expect(late.output).toContain('after 3 s: socket cannot proceed: ');
    await new Promise((resolve) => socket.close(resolve));
    expect(await wait(anna, '--timeout', '60').ended()).toBe(0);
  });

  it('how far each is shows in status, on the server and in its metrics', async () => {
    save(anna, 'a');
    expect(await wait(anna, '--all-clients', '--timeout', '60').ended()).toBe(0);
    running[1]?.signal('SIGSTOP');
    save(anna, 'b');
    expect(await wait(anna, '--timeout', '60').ended()).toBe(0);
    const status = bench.run('syncer-client', 'status', '-c', anna.config, '--json');
    await status.ended();
    expect(JSON.parse(status.output)).toMatchObject({ applied_cursor: 2, lag_changes: 0 });
    const far = async () => (await clients()).map(({ name, lag_changes }) => [name, lag_changes]);
    await until(async () => JSON.stringify((await far()).sort()) === '[["anna",0],["ben",1]]');
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/syncer_client_lag_changes\{client="[^"]+",name="ben"\} 1\n/);
    expect(metrics).toContain('syncer_clients_behind{connected="true"} 1\n');
    running[1]?.signal('SIGCONT');
    await until(async () => (await far()).every(([, lag]) => lag === 0));
  });
});
