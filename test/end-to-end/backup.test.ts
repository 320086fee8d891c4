import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { Bench, until } from './processes.ts';
import { differences, textsIn } from './tree.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const at = (...names: string[]): string => join(bench.directory, ...names);

/** Runs one of the server's commands beside it; answers its exit code and what it said. */
async function run(...args: string[]) {
  const program = bench.run('syncer-server', ...args);
  return { code: await program.ended(), said: program.output.trim() };
}

const backUp = (...more: string[]) =>
  run('backup', at('kept'), '--sync-directory', at('server'), ...more);
const restore = (...more: string[]) =>
  run('restore', at('kept'), '--sync-directory', at('server'), ...more);

function write(top: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(top, path, '..'), { recursive: true });
    writeFileSync(join(top, path), content);
  }
}

const packsIn = (top: string): string[] =>
  readdirSync(join(top, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f-]{36}$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));

async function upload(url: string, path: string, content: string): Promise<void> {
  const body = new FormData();
  body.set('client_id', 'plain');
  body.set('relative_path', path);
  body.set('file', new File([content], 'file'));
  const answer = await fetch(`${url}/upload`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function register(url: string): Promise<void> {
  const body = JSON.stringify({ client_id: 'plain', name: 'Plain', sync_root: '/' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/register`, { method: 'POST', headers, body });
}

it('[B17] [D20] a server that was wiped and restored gets back what is newer, and nothing is deleted', async () => {
  const server = await bench.server();
  const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
  const large = randomBytes(3_000_000);
  write(anna.directory, {
    ...{ 'docs/kept': 'kept', 'docs/edited': 'edited: 1', 'docs/deleted': 'deleted' },
    ...{ 'docs/moved': 'moved', 'large file': large },
  });
  const running = [anna.start(), ben.start()];
  const areEqual = () => differences(anna.directory, ben.directory).length === 0;
  await until(() => existsSync(join(ben.directory, 'large file')) && areEqual());

  const first = await backUp('--verify', '--json');
  expect(first.code).toBe(0);
  expect(JSON.parse(first.said)).toMatchObject({ complete: true, files: 5, damaged_chunks: 0 });

  write(anna.directory, { 'docs/edited': 'edited: 2', 'new of anna': 'by anna' });
  rmSync(join(anna.directory, 'docs/deleted'));
  mkdirSync(join(ben.directory, 'elsewhere'));
  renameSync(join(ben.directory, 'docs/moved'), join(ben.directory, 'elsewhere/moved'));
  write(ben.directory, { 'docs/new of ben': 'by ben' });
  await until(() => existsSync(join(anna.directory, 'elsewhere/moved')) && areEqual());

  await server.program.kill();
  rmSync(at('server'), { recursive: true });
  expect(await restore()).toMatchObject({ code: 0 });
  const again = await bench.server([], server.port);
  const url = (path: string) =>
    `${again.url}/download/${path.split('/').map(encodeURIComponent).join('/')}`;
  const answers = async (path: string): Promise<string> => await (await fetch(url(path))).text();
  await until(async () => (await answers('docs/new of ben')) === 'by ben' && areEqual());
  await until(async () => (await answers('new of anna')) === 'by anna' && areEqual());

  const texts = new Set(textsIn(anna.directory));
  for (const text of ['kept', 'edited: 2', 'moved', 'by anna', 'by ben']) {
    expect(texts.has(text), text).toBe(true);
  }
  expect(readFileSync(join(ben.directory, 'docs/edited'), 'utf8')).toBe('edited: 2');
  expect(readFileSync(join(anna.directory, 'large file')).equals(large)).toBe(true);
  expect(await answers('docs/edited')).toBe('edited: 2');
  for (const program of running) expect(await program.stop()).toBe(0);
});

describe('syncer-server backup', () => {
  it('copies only what is new, and goes on where it was interrupted', async () => {
    const { url } = await bench.server();
    await register(url);
    for (let n = 0; n < 20; n += 1) await upload(url, `f${n}`, `content ${n}`);
    const killed = bench.run(
      'syncer-server',
      'backup',
      at('kept'),
      '--sync-directory',
      at('server'),
    );
    await until(
      () => existsSync(at('kept', 'objects')) || existsSync(at('kept', 'snapshot.sqlite')),
    );
    await killed.kill();
    expect((await backUp()).code).toBe(0);
    const before = new Set(packsIn(at('kept')));
    await upload(url, 'one more', 'content');
    const { code, said } = await backUp();
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^Backed up to .*kept: 21 files in \d+ packs/),
    ]);
    const after = packsIn(at('kept'));
    expect(after.filter((pack) => !before.has(pack))).toHaveLength(1);
    expect(existsSync(at('kept', 'snapshot.sqlite'))).toBe(false);
    const mark = JSON.parse(readFileSync(at('kept', 'syncer-backup.json'), 'utf8'));
    expect(mark).toMatchObject({ format: 1, latest: { number: 2, files: 21 } });
  });

  it('works beside a server that was killed, and one that does not run', async () => {
    const { url, program } = await bench.server();
    await register(url);
    await upload(url, 'f', 'content');
    await program.kill();
    expect((await backUp('--verify')).code).toBe(0);
    rmSync(at('server'), { recursive: true });
    expect((await restore('--verify')).code).toBe(0);
    const again = await bench.server();
    expect(await (await fetch(`${again.url}/download/f`)).text()).toBe('content');
  });

  it('tells what the server has lost; a restore asks the clients for it', async () => {
    const { url, program } = await bench.server();
    await register(url);
    await upload(url, 'f', 'content');
    const [pack = ''] = packsIn(at('server'));
    truncateSync(pack, 20);
    const backup = await backUp();
    expect(backup.code).toBe(1);
    expect(backup.said).toContain('the server lacks 1 pack');
    await program.stop();
    rmSync(at('server'), { recursive: true });
    const restored = await restore();
    expect(restored.code).toBe(1);
    expect(restored.said).toContain('1 chunk is missing in the backup');
    const again = await bench.server();
    const wanted = await (await fetch(`${again.url}/v1/chunks/wanted`)).json();
    const hash = createHash('sha256').update('content').digest('hex');
    expect(wanted).toMatchObject({ wanted: [{ hash, contents: [hash] }] });
  });

  it('writes neither into something else nor into the server’s own directory', async () => {
    const { url } = await bench.server();
    await register(url);
    await upload(url, 'f', 'content');
    mkdirSync(at('kept'));
    writeFileSync(at('kept', 'somebody’s'), 'thing');
    const refused = await backUp();
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(/^syncer-server: .*kept holds something else\./);
    expect(readdirSync(at('kept'))).toEqual(['somebody’s']);
    for (const directory of [at('server'), at('server', 'backup'), at()]) {
      const { code, said } = await run('backup', directory, '--sync-directory', at('server'));
      expect([code, said]).toEqual([1, expect.stringContaining('must lie apart')]);
    }
    const none = await run('backup', at('new'), '--sync-directory', at('nowhere'));
    expect([none.code, none.said]).toEqual([1, expect.stringContaining("holds no server's data")]);
    expect(existsSync(at('new'))).toBe(false);
    expect((await run('backup')).code).toBe(2);
  });
});

describe('syncer-server restore', () => {
  it('refuses what is no backup, and a directory that holds something', async () => {
    const { url } = await bench.server();
    await register(url);
    await upload(url, 'f', 'content');
    const none = await run('restore', at('nothing'), '--sync-directory', at('new'));
    expect([none.code, none.said]).toEqual([1, expect.stringContaining('holds no backup')]);
    expect((await backUp()).code).toBe(0);
    const used = await restore();
    expect([used.code, used.said]).toEqual([1, expect.stringContaining('is not empty')]);
    expect(await (await fetch(`${url}/download/f`)).text()).toBe('content');
  });

  it('that was interrupted keeps servers out, and is completed by the next one', async () => {
    const { url, program } = await bench.server();
    await register(url);
    await upload(url, 'f', 'content');
    expect((await backUp()).code).toBe(0);
    await program.stop();
    rmSync(at('server'), { recursive: true });
    mkdirSync(at('server'));
    writeFileSync(at('server', 'restore-under-way'), '');
    const early = await run('--port', '0', '--sync-directory', at('server'));
    expect([early.code, early.said]).toEqual([1, expect.stringContaining('restore again')]);
    expect((await restore()).code).toBe(0);
    const again = await bench.server();
    expect(await (await fetch(`${again.url}/download/f`)).text()).toBe('content');
  });

  it('refuses metadata that rotted in the backup', async () => {
    const { url, program } = await bench.server();
    await register(url);
    await upload(url, 'a name to be found', 'content');
    expect((await backUp()).code).toBe(0);
    await program.stop();
    rmSync(at('server'), { recursive: true });
    let rotted = 0;
    for (const entry of readdirSync(at('kept'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path, 'latin1');
      if (!bytes.includes('a name to be found')) continue;
      rotted += 1;
      writeFileSync(path, bytes.replaceAll('a name to be found', 'a name to be Found'), 'latin1');
    }
    expect(rotted).toBe(1);
    const refused = await restore();
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('are damaged')]);
  });

  it('[S5] [B17] is of another history from then on, however little was lost', async () => {
    const { url, program, port } = await bench.server();
    const epochAt = async (base: string): Promise<string> => {
      const options = { base, apiKey: undefined, epoch: () => undefined };
      const one = { clientId: randomUUID(), name: 'One', syncRoot: '/', cursor: 0 };
      const api = httpApi({ ...options, clientId: () => one.clientId });
      return (await api.register(one)).epoch;
    };
    await register(url);
    await upload(url, 'f', 'content');
    const before = await epochAt(url);
    expect((await backUp()).code).toBe(0);
    await program.stop();
    rmSync(at('server'), { recursive: true });
    expect((await restore()).code).toBe(0);
    const again = await bench.server([], port);
    expect(await epochAt(again.url)).not.toBe(before);
  });
});

it('[D20] the backup of a server that was lost is not replaced by one of the server that took its place', async () => {
  const first = await bench.server();
  await register(first.url);
  await upload(first.url, 'f', 'the only copy');
  expect((await backUp()).code).toBe(0);
  await first.program.stop();
  rmSync(at('server'), { recursive: true });
  const second = await bench.server();
  await register(second.url);
  await upload(second.url, 'g', 'something new');
  const refused = await backUp();
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('another history')]);
  await second.program.stop();
  rmSync(at('server'), { recursive: true });
  expect((await restore()).code).toBe(0);
  const again = await bench.server();
  expect(await (await fetch(`${again.url}/download/f`)).text()).toBe('the only copy');
});
