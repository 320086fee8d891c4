import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { busyIn, sharesOf } from './profile.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 6 });

/** Four samples, a millisecond each: idle, then three times in `read`, which `scan` called. */
function writeProfile(pid: number): void {
  const nodes = [
    { id: 1, callFrame: frame('(root)'), children: [2, 3] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('scan', 'file:///somewhere/dist/client/scan.js'), children: [4] },
    { id: 4, callFrame: frame('read') },
  ];
  const [name, steps] = ['time\u0044eltas', [1000, 1000, 1000, 1000, 1000]];
  const profile = { nodes, startTime: 0, samples: [2, 4, 4, 4, 4], [name]: steps };
  writeFileSync(join(directory, `CPU.1.2.${pid}.0.001.cpuprofile`), JSON.stringify(profile));
}

it('tells where a process spent the time that is asked for, and who called it', () => {
  writeProfile(7);
  const [read, idle, ...others] = sharesOf(directory, { pid: 7, window: [0, 4e6] });
  expect(others).toEqual([]);
  expect(read).toEqual({ name: 'read', self: 3, total: 3, ways: new Map([['scan (scan)', 3]]) });
  expect(idle?.self).toBe(1);
});

it('tells nothing of other processes, and of other times', () => {
  writeProfile(7);
  expect(sharesOf(directory, { pid: 8, window: [0, 4e6] })).toEqual([]);
  expect(sharesOf(directory, { pid: 7, window: [9e6, 10e6] })).toEqual([]);
});

it('tells when it was busy', () => {
  writeProfile(7);
  const busy = busyIn(directory, { pid: 7, windows: [[1e6, 5e6]], parts: 4 });
  expect(busy).toEqual([0, 1, 1, 1]);
});
