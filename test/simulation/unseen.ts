import { ROOT } from '../../src/core/entry.ts';
import { below, nodeAt, pathOf } from '../../src/core/tree.ts';
import type { Client } from './client.ts';
import { visibleTree, whatItSays } from './tree-view.ts';

/**
 * How the disk of a client that rests differs from what it believes of it, though it was told of all that happened there. A
 * look at everything would find it, half an hour later: so before there is one.
 */
export function unseen(client: Client): string[] {
  const { process, volume, name, isResting, hasMissed, isClockSet } = client;
  if (process === undefined || !isResting || hasMissed || isClockSet) return [];
  const { state, synchronizer } = process;
  const { ignore, problems } = synchronizer.session;
  // What cannot be read or is beyond it, it says.
  if (problems.all().length > 0) return [];
  const here = visibleTree(volume);
  const known = (path: string): string => {
    const node = nodeAt(state.local, path.split('/'));
    const entry = node === undefined ? undefined : state.local.get(node);
    return entry === undefined ? '' : whatItSays(entry);
  };
  const others = [...here].filter(([path, what]) => {
    if (ignore.ignores(path.split('/'), what === 'dir')) return false;
    // A directory with nothing in it but what is ignored is none of ours (rule S3).
    return known(path) !== what && !(what === 'dir' && known(path) === '');
  });
  const more = [...below(state.local, ROOT)].map(
    (node) => pathOf(state.local, node)?.join('/') ?? node,
  );
  return [
    ...others.map(([path, what]) => `${name} has not seen ${path} (${what.slice(0, 8)})`),
    ...more.filter((path) => !here.has(path)).map((path) => `${name} believes in ${path}`),
  ];
}
