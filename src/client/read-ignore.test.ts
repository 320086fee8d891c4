import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair } from '../../test/engine/rig.ts';
import { readIgnore } from './read-ignore.ts';

let anna: Client;
let told: number;
beforeEach(async () => {
  const { rig, anna: client } = pair({ ignore: ['*.tmp'] });
  await rig.settle();
  anna = client;
  told = 0;
  Object.assign(anna.session, {
    ignoreChanged: () => {
      told += 1;
    },
  });
});

const ignores = (name: string): boolean => anna.session.ignore.ignores([name], false);

describe('the patterns', () => {
  it('are the configured ones where there is no file', async () => {
    expect(await readIgnore(anna.session)).toBe(false);
    expect([ignores('a.tmp'), ignores('a.log')]).toEqual([true, false]);
  });

  it('are added to by the file, and change once for each change of it', async () => {
    anna.user.write('.syncignore', '*.log\r\n!keep.tmp\n');
    expect(await readIgnore(anna.session)).toBe(true);
    expect(await readIgnore(anna.session)).toBe(false);
    expect(['a.tmp', 'a.log', 'keep.tmp', 'b'].map(ignores)).toEqual([true, true, false, false]);
    anna.user.remove('.syncignore');
    expect(await readIgnore(anna.session)).toBe(true);
    expect(ignores('a.log')).toBe(false);
    expect(told).toBe(2);
  });

  it('nobody is told of the first look where there is no file', async () => {
    anna.session.ignoreText = undefined;
    expect(await readIgnore(anna.session)).toBe(true);
    expect(told).toBe(0);
  });

  it.each(['denied', 'unreadable', 'busy'] as const)(
    '[S12] stay when the file is %s',
    async (problem) => {
      anna.user.write('.syncignore', '*.log');
      await readIgnore(anna.session);
      anna.user.write('.syncignore', '');
      for (const failing of ['look', 'read']) {
        anna.fault = (step) => (step === failing ? problem : undefined);
        expect(await readIgnore(anna.session)).toBe(false);
        expect(ignores('a.log')).toBe(true);
      }
    },
  );

  it('[S12] stay when the file is huge; a directory of the name is no file', async () => {
    anna.user.write('.syncignore', '*.log');
    await readIgnore(anna.session);
    anna.user.write('.syncignore', '#'.repeat(1024 * 1024 + 1));
    expect(await readIgnore(anna.session)).toBe(false);
    anna.user.remove('.syncignore');
    anna.user.makeDirectory('.syncignore');
    expect(await readIgnore(anna.session)).toBe(true);
    expect(ignores('a.log')).toBe(false);
  });

  it('what goes wrong in the program itself is not swallowed', async () => {
    anna.fault = () => {
      throw new TypeError('a mistake');
    };
    await expect(readIgnore(anna.session)).rejects.toThrow('a mistake');
  });
});
