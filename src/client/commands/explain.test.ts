import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, ended, MemoryClient } from '../../../test/memory-client.ts';
import { ApiFailure } from '../ports.ts';
import { stateHome } from '../state-home.ts';
import type { LiveStatus } from '../status-file.ts';
import { explain } from './explain.ts';

let anna: MemoryClient;
let stateBefore: string | undefined;
beforeEach(() => {
  anna = new MemoryClient();
  stateBefore = process.env.SYNCER_STATE_HOME;
  process.env.SYNCER_STATE_HOME = `${anna.folder}/state`;
});
afterEach(() => {
  if (stateBefore === undefined) delete process.env.SYNCER_STATE_HOME;
  else process.env.SYNCER_STATE_HOME = stateBefore;
  anna.close();
});

const explaining = (path: string, json = false, implementations = anna.implementations) =>
  ended(() => explain(implementations, { path, json, config: anna.config }));

const linesOf = async (told: Promise<Ended>): Promise<string[]> =>
  (await told).text.split('\n').slice(0, -1);

const NO_CLIENT = 'No client is running here (syncer-client start).';

/** What a client that runs leaves. */
function leave(more: Partial<LiveStatus>): void {
  const { status } = stateHome(anna.directory);
  const now = new Date().toISOString();
  const left: LiveStatus = {
    ...{ pid: process.pid, started: now, updated: now, stopped: false, connected: true },
    ...{ condition: { type: 'resting' }, behind_since: null, pending: 0, problems: [], held: [] },
    applied: null,
    newest: 0,
    ...more,
  };
  mkdirSync(dirname(status), { recursive: true });
  writeFileSync(status, JSON.stringify(left));
}

describe('explain', () => {
  it('tells what happened, oldest first, and how it stands here', async () => {
    await anna.write('f', 'one');
    await anna.write('f', 'two, longer', 'Cleo');
    expect(await linesOf(explaining('f'))).toEqual([
      'f',
      '2026-11-22 12:01:00  Ben created f (3 bytes). (version 1)',
      '2026-11-22 12:02:00  Cleo edited f (11 bytes instead of 3 bytes). (version 2)',
      'It is only on the server so far: the next round of this client brings it here.',
      NO_CLIENT,
    ]);
    anna.disk.user.write('f', 'two, longer');
    const { code, text } = await explaining('f', true);
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      ...{ path: 'f', standing: 'in_sync', ignored: null },
      story: [{ cursor: 1 }, { cursor: 2 }],
      now: ['What is on this disk is what the server has.', NO_CLIENT],
    });
  });

  it('tells what is only here, and what is nowhere', async () => {
    anna.disk.user.write('new', 'N');
    expect((await explaining('new')).text).toContain('only on this disk so far');
    await anna.write('gone', 'G');
    await anna.remove('gone');
    expect((await explaining('gone')).text).toContain('neither on this disk nor on the server');
    const none = await explaining('none');
    expect(none).toMatchObject({ code: 1 });
    expect(none.text).toContain('knows of nothing that is or was at none');
  });

  it('names the rule that hides it, and the file and line that it is from', async () => {
    anna.disk.user.write('.syncignore', '# built\n\nbuild/\n');
    anna.disk.user.write('d/build/x', 'x');
    anna.disk.user.write('a.log', 'L');
    expect((await explaining('d/build/x')).text).toContain(
      'the pattern "build/" (line 3 of .syncignore) ignores d/build, which it is in.',
    );
    const { text } = await explaining('a.log', true);
    expect(JSON.parse(text)).toMatchObject({
      standing: null,
      ignored: { pattern: '*.log', where: `ignore_patterns in ${anna.config}` },
    });
    expect((await explaining('.syncer/x')).text).toContain('".syncer" (the client itself)');
  });

  it('tells why there is a conflict copy', async () => {
    await anna.write('f (conflict, Ben, 2026-11-22 10-00-00).txt', 'mine', 'Cleo');
    const { text } = await explaining('f (conflict, Ben, 2026-11-22 10-00-00).txt');
    expect(text).toContain("two clients changed f.txt without knowing of each other, and Ben's");
  });

  it('tells of problems and holds that the client has with it', async () => {
    await anna.write('f', 'F');
    const problem = { path: 'f', code: 'denied', message: 'There is no permission.' };
    const hold = { id: '1', direction: 'outgoing', deed: 'delete', bytes: 9 } as const;
    leave({ problems: [problem], held: [{ ...hold, files: 1, examples: ['f'] }] });
    const { text } = await explaining('f');
    expect(text).toContain('The client has a problem with it: There is no permission.');
    expect(text).toContain('It waits for your word (syncer-client held): 1 file was deleted here');
    expect(text).not.toContain(NO_CLIENT);
    leave({
      condition: { type: 'offline', reason: 'no way' },
      held: [{ ...hold, files: 100, examples: ['g'] }],
    });
    const later = (await explaining('f')).text;
    expect(later).toContain('it may be among that (syncer-client held): 100 files');
    expect(later).toContain('The client is offline: no way');
  });

  it('tells what can be told when the server is away, and ends with 1', async () => {
    anna.disk.user.write('.syncignore', '/f\n');
    anna.disk.user.write('f', 'F');
    const open = anna.implementations;
    const folder = await open.openFolder({ base: '', apiKey: undefined, clientId: undefined });
    const failing = async () => {
      throw new ApiFailure('unreachable', 'The server cannot be reached.', { retry: true });
    };
    const away = { ...open, openFolder: async () => ({ ...folder, history: failing }) };
    const { code, text } = await explaining('f', false, away);
    expect(code).toBe(1);
    expect(text).toContain('the pattern "/f" (line 1 of .syncignore) ignores it.');
    expect(text).toContain('error: What happened before cannot be told. The server at localhost:1');
  });
});
