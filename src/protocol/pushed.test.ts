import { expect, it } from 'vitest';
import { parse } from './parse.ts';
import { type Pushed, pushedFromWire, pushedToWire, WirePushed } from './pushed.ts';

it('a pushed commit comes back as it went', () => {
  const pushed: Pushed = {
    epoch: 'e',
    chain: 'c'.repeat(64),
    since: 4,
    cursor: 6,
    changes: [
      { cursor: 5, node: 'n', entry: undefined },
      {
        cursor: 6,
        node: 'm',
        entry: {
          kind: 'directory',
          parent: 'root',
          name: 'a',
          placeVersion: 6,
          contentVersion: 6,
          author: 'me',
        },
      },
    ],
    chunks: [{ hash: 'ab'.repeat(32), size: 2, bytes: Uint8Array.of(255, 0) }],
  };
  const text = JSON.stringify(pushedToWire(pushed));
  expect(pushedFromWire(parse(WirePushed, JSON.parse(text)))).toEqual(pushed);
});
