import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StateDamaged } from '../failures.ts';
import { copySqliteState } from './copy.ts';
import { openSqliteState } from './open.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  path = join(directory, 'state.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true }));

const newId = (): string => 'an-id';
const entry = (name: string) => ({ kind: 'directory', parent: 'root', name }) as const;

/** Every file beside the state, byte for byte. */
const files = (): string[] =>
  readdirSync(directory)
    .sort()
    .map((name) => `${name} ${readFileSync(join(directory, name)).toString('hex')}`);

it('has what a closed state holds, and leaves everything of that as it was', async () => {
  const state = openSqliteState({ path, newId });
  state.record([{ type: 'local', node: 'n', entry: entry('d') }]);
  state.close();
  const before = files();
  const copy = await copySqliteState({ path, newId });
  expect(copy.state.local.get('n')).toEqual(entry('d'));
  expect(copy.state.standing).toMatchObject({ clientId: 'an-id' });
  copy.state.record([{ type: 'local', node: 'n', entry: undefined }]);
  copy.discard();
  copy.discard();
  expect(files()).toEqual(before);
});

it('has what an open one holds by now, and the two go on apart', async () => {
  const state = openSqliteState({ path, newId });
  state.record([{ type: 'local', node: 'n', entry: entry('d') }]);
  const copy = await copySqliteState({ path, newId });
  state.record([{ type: 'local', node: 'm', entry: entry('e') }]);
  copy.state.record([{ type: 'local', node: 'o', entry: entry('f') }]);
  expect(['n', 'm', 'o'].map((node) => copy.state.local.get(node)?.name)).toEqual([
    'd',
    undefined,
    'f',
  ]);
  expect(state.local.get('o')).toBeUndefined();
  copy.discard();
  state.close();
});

it('of none is a blank one, and makes none', async () => {
  const copy = await copySqliteState({ path, newId });
  expect(copy.state.changed()).toEqual([]);
  copy.discard();
  expect(readdirSync(directory)).toEqual([]);
});

it('of a damaged one says so, and leaves no copy', async () => {
  writeFileSync(path, 'not a database');
  const before = new Set(readdirSync(tmpdir()));
  await expect(copySqliteState({ path, newId })).rejects.toThrow(StateDamaged);
  const left = readdirSync(tmpdir()).filter(
    (name) => name.startsWith('syncer-plan-') && !before.has(name),
  );
  expect(left).toEqual([]);
  expect(existsSync(path)).toBe(true);
});
