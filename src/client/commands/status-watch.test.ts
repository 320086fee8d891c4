import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench } from '../../../test/end-to-end/processes.ts';
import type { LiveView } from '../live-text.ts';
import { Lines, Screen } from './status-watch.ts';

const view = (more: Partial<LiveView> = {}): LiveView => ({
  ...{ clientName: 'Anna', directory: '/files', server: 'localhost:8000' },
  ...{ left: undefined, changes: [], now: 1_000_000 },
  ...more,
});

const change = (path: string, time: number) =>
  ({ direction: 'sent', operation: 'create', path, size: 5, time }) as const;

describe('at a terminal', () => {
  it('is drawn in its place, only when it is another, and leaves the cursor as it was', () => {
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const screen = new Screen({ write, size: () => ({ columns: 40, rows: 24 }) });
    screen.draw(view());
    screen.draw(view());
    expect(written).toHaveLength(1);
    expect(written[0]?.startsWith('\u001b[?25l\r\u001b[Jclient')).toBe(true);
    const lines = (written[0] ?? '').split('\n').slice(0, -1);
    expect(lines.at(-1)).toBe('q ends this view; the client goes on.');
    screen.draw(view({ changes: [change('x'.repeat(80), 999_000)] }));
    expect(written[1]?.startsWith(`\u001b[${lines.length}A\r\u001b[J`)).toBe(true);
    const widths = (written[1] ?? '')
      .split('\n')
      .slice(1)
      .map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThan(40);
    screen.end();
    expect(written.at(-1)).toBe('\u001b[?25h');
  });

  it('never is higher than the terminal', () => {
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    new Screen({ write, size: () => ({ columns: 80, rows: 4 }) }).draw(view());
    expect(text.match(/\n/g)).toHaveLength(3);
  });
});

it('without a terminal prints a line for each change, and one when it stands otherwise', () => {
  const written: string[] = [];
  const lines = new Lines({ write: (text) => void written.push(text) });
  const old = change('before', 1);
  lines.draw(view({ changes: [old] }));
  lines.draw(view({ changes: [old, change('a\u001b', 1_000_100)], now: 1_000_200 }));
  lines.draw(view({ changes: [old, change('a\u001b', 1_000_100)], now: 1_000_300 }));
  expect(written).toEqual([
    'no client is running (start one: syncer-client start)\n',
    '→ sent      create  a\\x1b  5 B\n',
  ]);
});

describe('status --watch', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('follows a client that starts, works and stops, until it is stopped itself', async () => {
    const server = await bench.server();
    const anna = await bench.client('Anna', server);
    const watching = bench.run('syncer-client', 'status', '--watch', '-c', anna.config);
    await watching.says(/no client is running/);
    const client = anna.start();
    await watching.says(/connected, at rest .*; nothing pending; 0 problems/);
    writeFileSync(join(anna.directory, 'f'), 'hello');
    await watching.says(/→ sent {6}create {2}f/);
    await client.stop();
    await watching.says(/process \d+[\s\S]*no client is running/);
    watching.signal('SIGINT');
    expect(await watching.ended()).toBe(0);
  });

  it('is no JSON', async () => {
    const anna = await bench.client('Anna', { port: 1 });
    const program = bench.run('syncer-client', 'status', '--watch', '--json', '-c', anna.config);
    expect(await program.ended()).toBe(2);
    expect(program.output).toContain('--watch prints no JSON');
  });
});
