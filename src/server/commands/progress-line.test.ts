import { expect, it } from 'vitest';
import { ProgressLine } from './progress-line.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let now = 1000;
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => now);
  const pass = (ms: number): void => {
    now += ms;
  };
  return { written, line, pass };
}

const copied = (packs: number, bytes: number) =>
  ({ step: 'copy', packs, packsTotal: 10, bytes }) as const;

it('shows on one line how far it is, not too often, and takes it away at the end', () => {
  const { written, line, pass } = terminal(true);
  line.show(copied(1, 1024 * 1024));
  line.show(copied(2, 1024 * 1024));
  pass(100);
  line.show(copied(3, 3 * 1024 ** 3));
  pass(100);
  line.show({ step: 'verify', chunks: 5, chunksTotal: 9 });
  line.end();
  line.end();
  expect(written).toEqual([
    '\r\u001b[Kcopying: 1 of 10 packs, 1.0 MiB',
    '\r\u001b[Kcopying: 3 of 10 packs, 3.0 GiB',
    '\r\u001b[Kverifying: 5 of 9 chunks',
    '\r\u001b[K',
  ]);
});

it('says nothing where no terminal is', () => {
  const { written, line } = terminal(false);
  line.show(copied(1, 1));
  line.end();
  expect(written).toEqual([]);
});
