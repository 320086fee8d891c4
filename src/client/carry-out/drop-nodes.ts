import type { NodeId } from '../../core/entry.ts';
import { checkName } from '../../core/name.ts';
import { DiskError, type Path } from '../ports.ts';
import { type Session, Stale } from '../session.ts';
import type { Carrier } from './carrier.ts';

/** How many are done before they are made durable and recorded. */
const GROUP = 1000;

/** What is to go: files and links into the trash, directories when they are empty, what is inside first. */
export async function dropNodes(carrier: Carrier): Promise<void> {
  let count = 0;
  for (const { node } of carrier.open(({ after }) => after === undefined)) {
    await dropNode(carrier, node);
    count += 1;
    if (count % GROUP === 0) await carrier.record();
  }
}

/**
 * Drops a node, if that was decided and nothing that stays is in it any more. Answers whether it is
 * gone. Nothing is destroyed that is not as it was recorded. What is held holds the directory it is in.
 */
export async function dropNode(carrier: Carrier, top: NodeId): Promise<boolean> {
  for (const node of bottomUp(carrier, top)) {
    if (carrier.where.get(node) === undefined || !isToGo(carrier, node)) continue;
    const inside = [...carrier.where.children(node)];
    if (inside.length === 0) await carrier.attempt(node, () => drop(carrier, node));
    else if (inside.some((child) => carrier.held.has(child))) carrier.hold(node);
  }
  return carrier.where.get(top) === undefined;
}

const isToGo = ({ steps, held }: Carrier, node: NodeId): boolean => {
  const step = steps.get(node);
  return step !== undefined && step.after === undefined && !held.has(node);
};

function bottomUp({ where }: Carrier, top: NodeId): NodeId[] {
  const nodes = [top];
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node !== undefined && where.get(node)?.kind === 'directory')
      nodes.push(...where.children(node));
  }
  return nodes.reverse();
}

async function drop(carrier: Carrier, node: NodeId): Promise<void> {
  const { disk } = carrier.session;
  const path = carrier.pathOf(node);
  if (path === undefined) throw new Error(`${node} is not on the disk.`);
  const expected = await carrier.expect(node);
  if (expected.kind !== 'directory') await disk.trash(path, expected);
  else await removeDirectory(carrier, path);
  carrier.did(node, undefined);
}

/**
 * A directory that still holds things nobody synchronizes (ignored ones, sockets, names that are none) stays on this disk
 * and is no longer followed (rule S3, A07); one that holds something new waits for the next round.
 */
async function removeDirectory({ session }: Carrier, path: Path): Promise<void> {
  try {
    await session.disk.removeDirectory(path);
  } catch (error) {
    if (!(error instanceof DiskError) || error.problem !== 'not-empty') throw error;
    const visible = await firstVisible(session, path);
    if (visible !== undefined) throw new Stale(visible);
  }
}

/** Something below that is synchronized. Directories that hold nothing of that kind are not. */
async function firstVisible(session: Session, top: Path): Promise<Path | undefined> {
  const waiting: Path[] = [top];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const listed = await session.disk.list(path);
    if (listed.length === 0) return path;
    for (const { name, look } of listed) {
      const isDirectory = look?.kind === 'directory';
      if (look === undefined || checkName(name) !== undefined) continue;
      if (session.ignore.ignores([...path, name], isDirectory)) continue;
      if (!isDirectory) return [...path, name];
      waiting.push([...path, name]);
    }
  }
  return undefined;
}
