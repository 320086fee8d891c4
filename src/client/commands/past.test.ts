import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, ended, MemoryClient } from '../../../test/memory-client.ts';
import type { Implementations } from '../assemble.ts';
import { ApiFailure } from '../ports.ts';
import { history } from './history.ts';
import { log } from './log.ts';
import { restore } from './restore.ts';
import { type Asking, rewind } from './rewind.ts';
import { serverTrashList, serverTrashRestore } from './server-trash.ts';

let anna: MemoryClient;
beforeEach(() => {
  anna = new MemoryClient();
});
afterEach(() => anna.close());

const options = (json: boolean) => ({ config: anna.config, json });

const historyOf = (path: string, { json = false, limit = '100' } = {}): Promise<Ended> =>
  ended(() => history(anna.implementations, { ...options(json), path, limit }));
const restoring = (path: string, version: string, json = false): Promise<Ended> =>
  ended(() => restore(anna.implementations, { ...options(json), path, version }));
const logOf = (more: { since?: string; client?: string; json?: boolean; limit?: string } = {}) =>
  ended(() => {
    const { json = false, limit = '100', ...rest } = more;
    return log(anna.implementations, { ...options(json), limit, ...rest });
  });

describe('history', () => {
  beforeEach(async () => {
    await anna.write('report.txt', 'one');
    await anna.write('report.txt', 'two, longer', 'Cleo');
    await anna.write('other', 'x');
  });

  it('lists every version of a path, newest first, and marks the present one', async () => {
    const { code, text } = await historyOf('report.txt');
    expect(code).toBe(0);
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      'version  time (UTC)           client  size  what',
      '2        2026-11-22 12:02:00  Cleo    11 B  edited, replaced 3 B (present)',
      '1        2026-11-22 12:01:00  Ben     3 B   created',
      '',
      'Bring a version back with: syncer-client restore report.txt --version VERSION',
      '',
    ]);
    const lines = JSON.parse((await historyOf('report.txt', { json: true })).text);
    expect(lines).toMatchObject([
      { cursor: 2, operation: 'update', client_name: 'Cleo', present: true, replaced: { size: 3 } },
      { cursor: 1, operation: 'create', client_name: 'Ben', present: false },
    ]);
    expect(
      JSON.parse((await historyOf('report.txt', { json: true, limit: '1' })).text),
    ).toHaveLength(1);
  });

  it('tells of what was there before, and takes a path seen from the directory', async () => {
    await anna.remove('report.txt');
    const { text } = await historyOf(`${anna.directory}/report.txt`);
    expect(text).toMatch(/^4 .* Ben +11 B +deleted *$/m);
    expect(text).not.toContain('(present)');
  });

  it('says what it knows nothing of, and what is wrong', async () => {
    const none = await historyOf('none');
    expect(none).toMatchObject({ code: 1 });
    expect(none.text).toContain('knows of nothing that is or was at none');
    expect(await historyOf('none', { json: true })).toEqual({ code: 0, text: '[]\n' });
    expect(await historyOf('report.txt', { limit: '0' })).toMatchObject({ code: 2 });
    const outside = await historyOf('/elsewhere');
    expect(outside).toMatchObject({ code: 2 });
    expect(outside.text).toContain('/elsewhere is not in');
  });
});

describe('restore', () => {
  beforeEach(async () => {
    await anna.write('report.txt', 'one');
    await anna.write('report.txt', 'two');
  });

  it('gives a file back what it held, and says how to take that back', async () => {
    const { code, text } = await restoring('report.txt', '1');
    expect(code).toBe(0);
    expect(text).toBe(
      'report.txt holds again what it held (version 1, of 2026-11-22 12:01:00 by Ben); it is version 3 now, ' +
        'and comes to every client.\nTo take that back: syncer-client restore report.txt --version 2\n',
    );
    expect(anna.text('report.txt')).toBe('one');
    expect((await restoring('report.txt', '2')).code).toBe(0);
    expect(anna.text('report.txt')).toBe('two');
    expect((await restoring('report.txt', '4')).text).toContain('nothing was changed');
  });

  it('brings back what was deleted', async () => {
    await anna.remove('report.txt');
    const { text } = await restoring('report.txt', '3', true);
    expect(JSON.parse(text)).toMatchObject({
      path: 'report.txt',
      restored: 1,
      version: 3,
      first: 4,
      undo: 'syncer-client rewind report.txt --to 3',
    });
    expect(anna.text('report.txt')).toBe('two');
  });

  it('refuses what cannot be, and says the way out', async () => {
    const never = await restoring('report.txt', '9');
    expect(never).toMatchObject({ code: 1 });
    expect(never.text).toContain('syncer-client history report.txt');
    expect(await restoring('report.txt', 'last')).toMatchObject({ code: 2 });
    anna.state = undefined;
    const stranger = await restoring('report.txt', '1');
    expect(stranger).toMatchObject({ code: 1 });
    expect(stranger.text).toContain('never ran');
    expect(anna.text('report.txt')).toBe('two');
  });
});

describe('log', () => {
  beforeEach(async () => {
    await anna.write('a', 'A');
    await anna.write('b\u202e', 'B', 'Cleo');
    await anna.write('c', 'C');
  });

  it('lists what happened in the whole folder, newest first', async () => {
    const { code, text } = await logOf();
    expect(code).toBe(0);
    const paths = [...text.matchAll(/(\S+): created/g)].map(([, path]) => path);
    expect(paths).toEqual(['c', 'b\\u202e', 'a']);
    expect((await logOf({ limit: '2' })).text).toContain('Older ones: --limit, now 2.');
  });

  it('takes a time and a client, by name or id', async () => {
    const cursors = async (more: Parameters<typeof logOf>[0]): Promise<number[]> =>
      JSON.parse((await logOf({ ...more, json: true })).text).map(
        ({ cursor }: { cursor: number }) => cursor,
      );
    expect(await cursors({ client: 'ben' })).toEqual([3, 1]);
    expect(await cursors({ client: 'client-cleo' })).toEqual([2]);
    expect(await cursors({ since: '2026-11-22 12:02' })).toEqual([3, 2]);
    expect(await cursors({ since: '2026-11-22T12:03:00Z', client: 'Cleo' })).toEqual([]);
    const nobody = await logOf({ client: 'Dora' });
    expect(nobody).toMatchObject({ code: 1 });
    expect(nobody.text).toContain('It knows: Ben, Cleo.');
    expect(await logOf({ since: 'lately' })).toMatchObject({ code: 2 });
    expect(await logOf({ since: '2027-01-01' })).toEqual({ code: 0, text: 'Nothing happened.\n' });
  });

  it('names the server that it cannot ask', async () => {
    const open = anna.implementations;
    const failing = async () => {
      throw new ApiFailure('unreachable', 'The server cannot be reached.', { retry: true });
    };
    const folder = await open.openFolder({ base: '', apiKey: undefined, clientId: undefined });
    const away = { ...open, openFolder: async () => ({ ...folder, history: failing }) };
    const { code, text } = await ended(() => log(away, { ...options(false), limit: '1' }));
    expect(code).toBe(1);
    expect(text).toContain(`localhost:1: The server cannot be reached. Is it running`);
    expect(text).toContain(anna.config);
  });
});

describe('rewind', () => {
  const going = (
    path: string,
    to: string,
    {
      person = { canAsk: false, confirm: async () => false },
      ...more
    }: { json?: boolean; dryRun?: boolean; yes?: boolean; person?: Asking } = {},
  ): Promise<Ended> =>
    ended(() =>
      rewind(
        anna.implementations,
        { ...options(more.json ?? false), dryRun: false, yes: false, ...more, path, to },
        person,
      ),
    );

  beforeEach(async () => {
    await anna.write('a', 'A');
    await anna.write('a', 'AA');
    await anna.write('b', 'B');
  });

  it('shows what it would change, and changes nothing, with --dry-run', async () => {
    const { code, text } = await going('.', '1', { dryRun: true });
    expect(code).toBe(0);
    expect(text).toBe(
      'If the whole folder goes back to version 1: 1 edited, 1 deleted.\n' +
        '  delete  b\n  edit    a  1 B instead of 2 B\nNothing was changed.\n',
    );
    expect(anna.server.cursor).toBe(3);
  });

  it('needs --yes where nobody can be asked, and says how to take it back', async () => {
    const unasked = await going('.', '1');
    expect(unasked).toMatchObject({ code: 2 });
    expect(unasked.text).toContain('syncer-client rewind . --to 1 --yes');
    expect(anna.server.cursor).toBe(3);
    const { code, text } = await going('.', '1', { yes: true });
    expect(code).toBe(0);
    expect(text).toContain('the whole folder is what it was at version 1: 1 edited, 1 deleted.');
    expect(text).toContain('To take that back: syncer-client rewind . --to 3\n');
    expect([anna.text('a'), anna.text('b')]).toEqual(['A', undefined]);
    await going('.', '3', { yes: true });
    expect([anna.text('a'), anna.text('b')]).toEqual(['AA', 'B']);
  });

  it('asks at a terminal, after it has shown what it would change', async () => {
    const asked: string[] = [];
    const answering = (answer: boolean): Asking => ({
      canAsk: true,
      confirm: async (question) => {
        asked.push(question);
        return answer;
      },
    });
    const no = await going('a', '1', { person: answering(false) });
    expect(no).toMatchObject({ code: 1 });
    expect(no.text).toMatch(/If a goes back to version 1: 1 edited\.[\s\S]*Nothing was changed/);
    expect(anna.text('a')).toBe('AA');
    expect((await going('a', '1', { person: answering(true) })).code).toBe(0);
    expect([anna.text('a'), anna.text('b')]).toEqual(['A', 'B']);
    expect(asked).toHaveLength(2);
  });

  it('says of which files the server keeps another version only, beforehand and afterwards', async () => {
    const { openFolder, ...others } = anna.implementations;
    const thinned: Implementations = {
      ...others,
      openFolder: async (wanted) => {
        const folder = await openFolder(wanted);
        const rounded = [{ node: 'a', path: 'a', version: 1 }];
        return { ...folder, rewind: async (to) => ({ ...(await folder.rewind(to)), rounded }) };
      },
    };
    const wish = { ...options(false), path: '.', to: '1' };
    const line = '  not exactly: a: of then, version 1 is kept\n';
    for (const how of [
      { dryRun: true, yes: false },
      { dryRun: false, yes: true },
    ]) {
      expect((await ended(() => rewind(thinned, { ...wish, ...how }))).text).toContain(line);
    }
  });

  it('takes a time, prints JSON, and knows when there is nothing to do', async () => {
    const { text } = await going('a', '2026-11-22T12:01:30Z', { yes: true, json: true });
    expect(JSON.parse(text)).toMatchObject({
      ...{ to: 1, from: 3, updates: 1, deletes: 0, dry_run: false },
      undo: 'syncer-client rewind a --to 3',
    });
    const again = await going('a', '1', { yes: true });
    expect(again).toEqual({
      code: 0,
      text: 'Nothing is to be done: a is as it was at version 1.\n',
    });
    expect(await going('a', 'once', { yes: true })).toMatchObject({ code: 2 });
    expect(await going('none', '1', { yes: true })).toMatchObject({ code: 1 });
  });
});

describe('the server’s trash', () => {
  const list = (path?: string, json = false): Promise<Ended> =>
    ended(() => serverTrashList(anna.implementations, { ...options(json), path }));
  const back = (
    paths: string[],
    { json = false, ...more }: { json?: boolean; version?: string; day?: string } = {},
  ): Promise<Ended> =>
    ended(() => serverTrashRestore(anna.implementations, { ...options(json), paths, ...more }));

  beforeEach(async () => {
    await anna.write('a', 'first');
    await anna.remove('a');
    await anna.write('a', 'second one');
    await anna.remove('a', 'Cleo');
    await anna.write('stays', 'S');
  });

  it('is listed newest first, by versions', async () => {
    const { code, text } = await list();
    expect(code).toBe(0);
    const rows = text.split('\n').map((line) => line.trimEnd());
    expect(rows.slice(0, 3)).toEqual([
      'version  deleted (UTC)        by client  size  path',
      '4        2026-11-22 12:04:00  Cleo       10 B  a',
      '2        2026-11-22 12:02:00  Ben        5 B   a',
    ]);
    expect(JSON.parse((await list('a', true)).text)).toHaveLength(2);
    expect((await list('none')).text).toContain('Nothing that was at none or below it');
    expect((await list('none', true)).text).toBe('[]\n');
  });

  it('gives back the newest, and tells of the others', async () => {
    const { code, text } = await back(['a']);
    expect(code).toBe(0);
    expect(anna.text('a')).toBe('second one');
    expect(text).toContain('a is back (version 4');
    expect(text).toContain('--version 2   5 B, deleted at 2026-11-22 12:02:00 by Ben');
  });

  it('gives back the one of a version', async () => {
    const { text } = await back(['a'], { version: '2', json: true });
    expect(anna.text('a')).toBe('first');
    expect(JSON.parse(text)).toMatchObject([
      { asked: 'a', path: 'a', version: 2, others: [{ version: 4, client_name: 'Cleo' }] },
    ]);
  });

  it('refuses what cannot be', async () => {
    const wrong = await back(['a'], { version: '3' });
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.text).toContain('--version 4');
    expect(await back(['stays'])).toMatchObject({ code: 1 });
    expect(await back(['a', 'b'], { version: '2' })).toMatchObject({ code: 2 });
    expect(await back(['a'], { day: '2026-11-22' })).toMatchObject({ code: 2 });
    expect(anna.text('a')).toBeUndefined();
  });
});
