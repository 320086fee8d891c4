import type { Applied, MergedInput } from '../core/change.ts';
import { type Content, operationOf } from '../core/change.ts';
import { type Manifest, single } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import type { NodeId, Versioned } from '../core/entry.ts';
import { judgeInPieces } from '../core/judge.ts';
import { checkTarget } from '../core/link.ts';
import { isTurn } from '../core/pieces.ts';
import { Overlay, pathOf, type Tree } from '../core/tree.ts';
import { FAILURES, Failure, type FailureCode } from '../protocol/failure.ts';
import type { CommitInput, CommitOutcome, RefusedChange } from './commit.ts';
import { groupsInTurns, inTurns } from './in-turns.ts';
import { loadSurroundings } from './load-surroundings.ts';
import type { HistoryRecord, Transaction } from './ports.ts';

export interface Limits {
  /** Bytes of one file. */
  readonly maxFileSize: number;
  /** Lower case, with their dots; undefined: all. */
  readonly allowedExtensions: readonly string[] | undefined;
}

export interface Acceptance {
  readonly input: CommitInput;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Judges one commit and writes what is accepted, in the transaction given. Nothing is written unless
 * all of it is; a Failure is answered rather than thrown, because others share the transaction.
 */
export async function accept(
  tx: Transaction,
  { input, limits, now }: Acceptance,
): Promise<CommitOutcome | Failure> {
  const { epoch, cursor } = await tx.folder();
  if (input.epoch !== undefined && input.epoch !== epoch) return new Failure('wrong_epoch');
  if (!(await isPointOf(tx, input.known))) return new Failure('wrong_epoch');
  const known = await tx.commitByKey(input.clientId, input.key);
  if (known !== undefined) {
    const { first, last } = known;
    return { type: 'accepted', epoch, first, last, chain: await chainAt(tx, last), records: [] };
  }
  const limited = input.changes.flatMap((change) => refuseLarge(change, limits));
  if (limited.length > 0) return { type: 'refused', refusals: limited };
  const missing = await missingChunks(tx, input);
  if (missing.length > 0) return { type: 'missing', chunks: missing };
  const tree = await loadSurroundings(tx, input.changes);
  const commit = { changes: input.changes, cursor, author: input.clientName };
  const judgement = await inTurns(judgeInPieces(tree, commit));
  if (judgement.type === 'refused') return refused(judgement.refusals);
  const end = endState(tree, judgement.applied);
  const refusals = [
    ...refuseExtensions(judgement.applied, limits),
    ...refuseLinks(end, judgement.applied),
  ];
  if (refusals.length > 0) return { type: 'refused', refusals };
  const records = await inTurns(recordsOf(judgement.applied, { tree, end, input, now }));
  await tx.addManifests(input.manifests);
  await tx.append(records);
  const last = cursor + records.length;
  await tx.rememberCommit(input.clientId, { key: input.key, first: cursor + 1, last }, now);
  const chain = await chainAt(tx, last);
  return { type: 'accepted', epoch, first: cursor + 1, last, chain, records };
}

/** A server that was put back in time and went on since counts alike, but its history has another name (B18). */
async function isPointOf(tx: Transaction, known: CommitInput['known']): Promise<boolean> {
  return known === undefined || (await tx.chain(known.cursor)) === known.chain;
}

async function chainAt(tx: Transaction, last: number): Promise<string> {
  const chain = await tx.chain(last);
  if (chain === undefined) throw new Error(`The chain has no link at ${last}.`);
  return chain;
}

const refused = (refusals: readonly { node: NodeId; code: FailureCode }[]): CommitOutcome => ({
  type: 'refused',
  refusals: refusals.map(({ node, code }) => ({ node, code, message: FAILURES[code].meaning })),
});

type Change = CommitInput['changes'][number];

function refuseLarge(change: Change, { maxFileSize }: Limits): RefusedChange[] {
  if (change.type === 'delete' || !isBytes(change.content)) return [];
  const all = [change.content, ...mergedInto(change)];
  if (all.every(({ size }) => size <= maxFileSize)) return [];
  const message = `The server takes files of up to ${maxFileSize} bytes.`;
  return [{ node: change.node, code: 'file_too_large', message }];
}

/** A file that gets a name, whether it is new or moved, may have only such an extension. */
function refuseExtensions(
  applied: readonly Applied[],
  { allowedExtensions }: Limits,
): RefusedChange[] {
  if (allowedExtensions === undefined) return [];
  const message = `The server takes only ${allowedExtensions.join(', ')}.`;
  return applied
    .filter(({ before, after }) => after?.kind === 'file' && after.name !== before?.name)
    .filter(
      ({ after }) => !allowedExtensions.some((one) => after?.name.toLowerCase().endsWith(one)),
    )
    .map(({ node }) => ({ node, code: 'extension_not_allowed', message }));
}

/** What a merged content was made of. */
const mergedInto = (change: Change | undefined): readonly MergedInput[] =>
  (change?.type === 'update' && change.content?.mergedFrom) || [];

/** The chunks of all new contents, and of what went into them, that are not stored. */
async function missingChunks(
  tx: Transaction,
  { changes, manifests }: CommitInput,
): Promise<string[]> {
  const contents = changes.flatMap((change): MergedInput[] =>
    change.type !== 'delete' && isBytes(change.content)
      ? [change.content, ...mergedInto(change)]
      : [],
  );
  const given = new Map(manifests.map((manifest) => [manifest.checksum, manifest]));
  const large = contents.filter(
    ({ size, checksum }) => size > MAX_WHOLE_SIZE && !given.has(checksum),
  );
  if (large.length > 0) {
    const known = await tx.manifests(large.map(({ checksum }) => checksum));
    for (const manifest of known) given.set(manifest.checksum, manifest);
  }
  const hashes = contents.flatMap((content) => hashesOf(content, given));
  const missing: string[] = [];
  for await (const group of groupsInTurns([...new Set(hashes)])) {
    missing.push(...(await tx.missingChunks(group)));
  }
  return missing;
}

type Bytes = Extract<Content, { checksum: string }>;

const isBytes = (content: Content | undefined): content is Bytes =>
  content !== undefined && 'checksum' in content;

function hashesOf(
  { checksum, size }: MergedInput,
  manifests: ReadonlyMap<string, Manifest>,
): string[] {
  const manifest = manifests.get(checksum);
  const chunks = manifest?.size === size ? manifest.chunks : single({ checksum, size }).chunks;
  return chunks.map(({ hash }) => hash);
}

function endState(tree: Tree<Versioned>, applied: readonly Applied[]): Tree<Versioned> {
  const end = new Overlay<Versioned>(tree);
  for (const { node, after } of applied) end.set(node, after);
  return end;
}

/** Links may only lead to places inside the folder (F06). */
function refuseLinks(end: Tree<Versioned>, applied: readonly Applied[]): RefusedChange[] {
  return applied.flatMap(({ node, after }) => {
    if (after?.kind !== 'symlink') return [];
    const path = pathOf(end, node) ?? [after.name];
    if (checkTarget(path, after.target) === undefined) return [];
    const message = 'A link may only lead to a relative place inside the folder.';
    return [{ node, code: 'bad_name', message }];
  });
}

interface Context {
  readonly tree: Tree<Versioned>;
  readonly end: Tree<Versioned>;
  readonly input: CommitInput;
  readonly now: number;
}

function* recordsOf(
  applied: readonly Applied[],
  context: Context,
): Generator<void, HistoryRecord[]> {
  const records: HistoryRecord[] = [];
  for (const [at, one] of applied.entries()) {
    if (isTurn(at)) yield;
    const mergedFrom = mergedInto(context.input.changes[at]);
    const record = recordOf(one, context);
    records.push(mergedFrom.length === 0 ? record : { ...record, mergedFrom });
  }
  return records;
}

function recordOf(applied: Applied, { tree, end, input, now }: Context): HistoryRecord {
  const { node, before, after } = applied;
  const operation = operationOf({ before, after });
  const oldPath = before === undefined ? undefined : pathOf(tree, node)?.join('/');
  const path = after === undefined ? oldPath : pathOf(end, node)?.join('/');
  if (path === undefined) throw new Error('An accepted change has no path.');
  const { clientId, clientName, cause } = input;
  const moved = operation === 'move' && oldPath !== undefined;
  return {
    ...applied,
    operation,
    path,
    ...(moved && { oldPath }),
    clientId,
    clientName,
    time: now,
    cause,
  };
}
