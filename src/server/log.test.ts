import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { openLogFile } from './log-file.ts';
import { plainLine } from './log-line.ts';

const KEY = 'a-very-secret-key';

/** What the log writes, as JSON and for people. */
function listen(isVerbose = false) {
  const lines: string[] = [];
  const log = createLog({ isVerbose, sinks: [(line) => lines.push(line)] });
  return { log, lines, plain: () => lines.map(plainLine) };
}

describe('the log', () => {
  it('tells debug only when it is verbose', () => {
    const quiet = listen();
    const verbose = listen(true);
    for (const { log } of [quiet, verbose]) {
      log.debug({}, 'a detail');
      log.info({}, 'a fact');
    }
    expect(quiet.lines).toHaveLength(1);
    expect(verbose.lines).toHaveLength(2);
  });

  it('[F27] holds no key, wherever it is', () => {
    const { log, lines, plain } = listen();
    log.info({ authorization: `Bearer ${KEY}`, api_key: KEY, api_keys: [KEY] }, 'one');
    log.info({ req: { headers: { Authorization: `Bearer ${KEY}` } } }, 'two');
    log.info({ deep: [{ data: { api_key: KEY } }], url: `/ws/a?api_key=${KEY}&x=1` }, 'three');
    log.error({ err: new Error(`refused: Bearer ${KEY}`, { cause: { apiKey: KEY } }) }, 'four');
    expect(lines).toHaveLength(4);
    expect([...lines, ...plain()].join('')).not.toContain(KEY);
    expect(lines[2]).toContain('x=1');
  });

  it('tells what an error was, and where', () => {
    const { log, plain } = listen();
    log.error({ err: new TypeError('no such thing') }, 'it failed');
    expect(plain()[0]).toMatch(/error it failed \(no such thing\)\n {4}at .*log\.test\.ts/);
  });
});

describe('a line', () => {
  it('is one line, for people', () => {
    const { log, plain } = listen();
    log.info({ client: 'anna', files: 3, path: 'my notes.txt', at: { a: 1 } }, 'connected');
    expect(plain()[0]?.slice(20)).toBe(
      'info  connected client=anna files=3 path="my notes.txt" at={"a":1}',
    );
  });

  it.each([
    ['a line feed', 'a\n2026-01-01 00:00:00 info  all is well'],
    ['a carriage return', 'a\rb'],
    ['an escape sequence', 'a\u001b[2Jb'],
    ['a control sequence of one byte', 'a\u009b2Jb'],
    ['a line separator', 'a\u2028b'],
    ['writing that turns round', 'a\u202egpj.exe'],
  ])('[F28] cannot be forged by %s', (_, path) => {
    const { log, lines, plain } = listen();
    log.info({ path, err: new Error(path) }, `about ${path}`);
    const text = `${lines[0]?.trimEnd()}${plain()[0]?.replaceAll(/\n {4}at [^\n]*/g, '')}`;
    const unseen = [...text].filter((one) => /[\p{Cc}\u2028\u2029\u202e]/u.test(one));
    expect(unseen).toEqual([]);
    expect(JSON.parse(lines[0] ?? '').path).toBe(path);
  });
});

describe('a log file', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'syncer-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('goes on where it was, in a directory that is made', async () => {
    const path = join(directory, 'logs', 'server.log');
    for (const line of ['one\n', 'two\n']) {
      const { sink, flush } = openLogFile({ path });
      sink(line);
      flush();
    }
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('writes by itself, too', async () => {
    const path = join(directory, 'server.log');
    openLogFile({ path }).sink('one\n');
    await new Promise((done) => setImmediate(done));
    expect(await readFile(path, 'utf8')).toBe('one\n');
  });

  it('is turned over when it has grown, and so many are kept', async () => {
    const path = join(directory, 'server.log');
    const { sink, flush } = openLogFile({ path, largest: 10, kept: 2 });
    for (let n = 1; n <= 5; n += 1) {
      sink(`line ${n}\n`);
      flush();
    }
    const names = (await readdir(directory)).sort();
    expect(names).toEqual(['server.log', 'server.log.1', 'server.log.2']);
    expect(await readFile(`${path}.2`, 'utf8')).toBe('line 3\n');
    expect(await readFile(path, 'utf8')).toBe('line 5\n');
  });

  it('loses lines rather than stopping the server when its directory is gone', async () => {
    const path = join(directory, 'logs', 'server.log');
    const { sink, flush } = openLogFile({ path, largest: 1 });
    sink('one\n');
    flush();
    await rm(join(directory, 'logs'), { recursive: true });
    sink('two\n');
    expect(flush).not.toThrow();
  });
});
