import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, type ClientHome, until } from '../../../test/end-to-end/processes.ts';

let bench: Bench;
let home: ClientHome;
beforeEach(async () => {
  bench = await Bench.open();
  home = await bench.client('Anna', { port: 1 });
});
afterEach(() => bench.close());

const file = (path: string): string => join(home.directory, path);
const put = (path: string, text: string): void => {
  mkdirSync(dirname(file(path)), { recursive: true });
  writeFileSync(file(path), text);
};

/** One `trash` command to its end: its exit code, and all it said. */
async function trash(...args: string[]): Promise<{ code: number | null; text: string }> {
  const program = bench.run('syncer-client', 'trash', ...args, '-c', home.config);
  const code = await program.ended();
  return { code, text: program.output };
}

/** A client that ran once, without a server, so that the directory is bound. */
async function bind(): Promise<void> {
  const client = home.start();
  await until(() => existsSync(file('.syncer/marker.json')));
  await client.stop();
}

describe('trash', () => {
  beforeEach(async () => {
    await bind();
    put('.syncer/trash/2026-11-20/docs/old.txt', 'O');
    put('.syncer/trash/2026-11-22/report.txt', 'one');
    put('.syncer/trash/2026-11-22 (2)/report.txt', 'three');
    symlinkSync('report.txt', file('.syncer/trash/2026-11-22/link'));
  });

  it('[O1] list shows each version with the time it went away, newest first', async () => {
    const { code, text } = await trash('list', '--json');
    const listed = JSON.parse(text);
    expect(code).toBe(0);
    expect(listed).toHaveLength(4);
    expect(listed.map(({ time }: { time: string }) => time)).toEqual(
      listed
        .map(({ time }: { time: string }) => time)
        .sort()
        .reverse(),
    );
    expect(listed).toContainEqual({
      path: 'docs/old.txt',
      day: '2026-11-20',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      kind: 'file',
      size: 1,
    });
    const table = (await trash('list', 'report.txt')).text;
    expect(table.match(/\d\d:\d\d:\d\d +[35] B +report\.txt/g)).toHaveLength(2);
    expect(table).not.toContain('docs');
    expect((await trash('list', 'none')).text).toContain(
      'Nothing that was at none is in the trash',
    );
    expect((await trash('list', 'none', '--json')).text).toBe('[]\n');
  });

  it('[O1] restore brings things back, beside what has the name', async () => {
    put('report.txt', 'mine');
    const { code, text } = await trash('restore', 'report.txt', 'docs', 'link', '--json');
    expect(code).toBe(0);
    const { restored, failed, older_versions: older } = JSON.parse(text);
    expect([failed, older]).toEqual([[], 1]);
    const places = restored.map((one: { restored_to: string }) => one.restored_to);
    expect(places).toEqual([
      expect.stringMatching(/^report \(restored \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\)\.txt$/),
      'docs/old.txt',
      'link',
    ]);
    expect(readFileSync(file('report.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(file(places[0]), 'utf8')).toBe('three');
    expect(readFileSync(file('docs/old.txt'), 'utf8')).toBe('O');
    const again = await trash('restore', 'docs');
    expect(again).toMatchObject({ code: 1 });
    expect(again.text).toContain('error: Nothing that was at docs is in the trash');
  });

  it('[O1] restore takes a day and another place, and refuses what cannot be', async () => {
    const none = await trash('restore', 'report.txt', '--day', '1999-01-01');
    expect(none).toMatchObject({ code: 1 });
    expect(none.text).toContain('came into the trash on 1999-01-01');
    expect(await trash('restore', 'report.txt', '--to', '../../out')).toMatchObject({ code: 2 });
    expect(await trash('restore', 'report.txt', 'docs', '--to', 'new')).toMatchObject({ code: 2 });
    const made = await trash('restore', 'docs', '--day', '2026-11-20', '--to', 'a/b');
    expect(made.text).toMatch(/^a\/b\/old\.txt is back \(deleted or replaced at .*\)\.\n$/);
    expect((await trash('restore', 'link', '--to', 'a')).text).toContain('a/link is back');
    put('elsewhere/x', '');
    symlinkSync('elsewhere', file('way'));
    const outside = await trash('restore', 'report.txt', '--to', 'way/r');
    expect(outside.code).toBe(0);
    expect(outside.text).toContain('lies beside it: way (restored)/r');
    expect(existsSync(file('elsewhere/r'))).toBe(false);
  });

  it('[O1] restore leaves alone a directory that is not bound to this client', async () => {
    writeFileSync(file('.syncer/marker.json'), JSON.stringify({ instance: 'of another state' }));
    const other = await trash('restore', 'report.txt');
    expect(other).toMatchObject({ code: 1 });
    expect(other.text).toContain('belongs to another client state');
    await rm(file('.syncer/marker.json'));
    expect((await trash('restore', 'report.txt')).text).toContain('is not bound to this client');
    expect(existsSync(file('report.txt'))).toBe(false);
  });
});

it('[O1] what comes back while a client runs goes to the others as any new file', async () => {
  const server = await bench.server();
  home = await bench.client('Anna', server);
  const ben = await bench.client('Ben', server);
  put('d/f', 'F');
  const clients = [home.start(), ben.start()];
  await until(() => existsSync(join(ben.directory, 'd/f')));
  await rm(join(ben.directory, 'd'), { recursive: true });
  await until(() => !existsSync(file('d')));
  expect(await trash('restore', 'd')).toMatchObject({ code: 0 });
  await until(() => existsSync(join(ben.directory, 'd/f')));
  expect(readFileSync(join(ben.directory, 'd/f'), 'utf8')).toBe('F');
  for (const client of clients) await client.stop();
});
