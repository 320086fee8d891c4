import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from './processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const FILES = 30;

const listed = ({ directory }: ClientHome): string[] =>
  readdirSync(directory)
    .filter((name) => name !== '.syncer')
    .sort();

function fill({ directory }: ClientHome, mark: string): void {
  for (let at = 0; at < FILES; at += 1) writeFileSync(join(directory, `f${at}`), `${at}${mark}`);
}

function empty({ directory }: ClientHome): void {
  for (let at = 0; at < FILES; at += 1) rmSync(join(directory, `f${at}`));
}

async function run({ config }: ClientHome, ...args: string[]): Promise<string> {
  const program = bench.run('syncer-client', ...args, '-c', config);
  expect([await program.ended(), program.output]).toEqual([0, expect.anything()]);
  return program.output;
}

const json = async (home: ClientHome, ...args: string[]) =>
  JSON.parse(await run(home, ...args, '--json'));

const isHeld = (home: ClientHome) => async (): Promise<boolean> =>
  (await json(home, 'held')).length > 0;

describe('a mass of deletions', () => {
  it('[B15] [S16] is held, shown and undone while the client runs', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port });
    fill(anna, '');
    const program = anna.start();
    await program.says(/in sync: 30 files/);
    empty(anna);
    await program.says(/\? 30 files were deleted here; .* syncer-client held/);
    await until(isHeld(anna));
    expect(await json(anna, 'held')).toMatchObject([
      { direction: 'outgoing', deed: 'delete', files: FILES },
    ]);
    expect(await json(anna, 'status')).toMatchObject({ connection: 'connected', in_sync: false });
    expect(await run(anna, 'status')).toContain('30 files were deleted here');
    const [{ id }] = await json(anna, 'held');
    expect(await run(anna, 'undo', id)).toContain('bring them back here');
    await until(() => listed(anna).length === FILES);
    expect(readFileSync(join(anna.directory, 'f7'), 'utf8')).toBe('7');
    await until(async () => !(await isHeld(anna)()));
    expect(await program.stop()).toBe(0);
  });

  it('[B15] [S16] is approved while no client runs, and done by the next one; others ask for themselves', async () => {
    const { port } = await bench.server();
    const [anna, ben] = [await bench.client('anna', { port }), await bench.client('ben', { port })];
    fill(anna, '');
    let program = anna.start();
    await program.says(/in sync: 30 files/);
    const other = ben.start();
    await until(() => listed(ben).length === FILES);
    empty(anna);
    await program.says(/\? 30 files/);
    await until(isHeld(anna));
    expect(await program.stop()).toBe(0);
    expect(await json(anna, 'held')).toHaveLength(1);
    expect(await run(anna, 'approve')).toContain('the next one that starts takes it up');
    expect(listed(ben)).toHaveLength(FILES);
    program = anna.start();
    await program.says(/goes on as you said/);
    await other.says(/\? 30 files were deleted on the server; here they are still\./);
    await until(isHeld(ben));
    expect(await json(ben, 'approve')).toMatchObject({ verb: 'approve', taken: 'taken' });
    await until(() => listed(ben).length === 0);
    mkdirSync(join(ben.directory, 'afterwards'));
    await until(() => listed(anna).includes('afterwards'));
  });

  it('[B15] is nobody’s business where the configuration says so', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port }, 'hold_deletions: false\n');
    fill(anna, '');
    const program = anna.start();
    await program.says(/in sync: 30 files/);
    empty(anna);
    await until(async () => (await json(anna, 'status')).pending === 0);
    expect(await json(anna, 'held')).toEqual([]);
  });
});
