import { single } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import { type FileContent, type NodeId, type SymlinkEntry, sameContent } from '../core/entry.ts';
import { checkTarget } from '../core/link.ts';
import type { Rewind, RewindStep } from '../core/rewind.ts';
import { pathOf } from '../core/tree.ts';
import type { Limits } from './accept.ts';
import type { FolderView } from './by-path.ts';
import { groupsInTurns } from './in-turns.ts';

export interface LostPorts extends FolderView {
  readonly limits: Limits;
}

const GONE = 'The server does not have this content any more.';
const LINK = 'A link may only lead to a relative place inside the folder.';

/** Those of a rewind's nodes that cannot be given what they held, each with the reason, in a sentence. */
export async function findLost(
  ports: LostPorts,
  { steps, end }: Pick<Rewind, 'steps' | 'end'>,
): Promise<Map<NodeId, string>> {
  const lost = new Map<NodeId, string>();
  const files: (FileContent & { readonly node: NodeId })[] = [];
  for (const step of steps) {
    const { node, after } = step;
    if (after === undefined || after.kind === 'directory' || keepsContent(step)) continue;
    if (after.kind === 'symlink') {
      if (leadsOut(pathOf(end, node), after)) lost.set(node, LINK);
      continue;
    }
    const reason = refusedBy(ports.limits, step, after);
    if (reason === undefined) files.push({ ...after, node });
    else lost.set(node, reason);
  }
  const gone = await findGone(ports, files);
  for (const { node, checksum } of files) if (gone.has(checksum)) lost.set(node, GONE);
  return lost;
}

const leadsOut = (path: string[] | undefined, { name, target }: SymlinkEntry): boolean =>
  checkTarget(path ?? [name], target) !== undefined;

const keepsContent = ({ before, after }: RewindStep): boolean =>
  before !== undefined && after !== undefined && sameContent(before, after);

/** The server's settings may be others than they were. */
function refusedBy(
  { maxFileSize, allowedExtensions }: Limits,
  { before }: RewindStep,
  { size, name }: FileContent & { readonly name: string },
): string | undefined {
  if (size > maxFileSize) return `The server takes files of up to ${maxFileSize} bytes.`;
  if (before !== undefined || allowedExtensions === undefined) return undefined;
  const isAllowed = allowedExtensions.some((one) => name.toLowerCase().endsWith(one));
  return isAllowed ? undefined : `The server takes only ${allowedExtensions.join(', ')}.`;
}

type Content = Pick<FileContent, 'checksum' | 'size'>;

/** The contents, by checksum, that are not stored whole. */
async function findGone(view: FolderView, contents: readonly Content[]): Promise<Set<string>> {
  const gone = new Set<string>();
  for await (const group of groupsInTurns(contents)) {
    for (const checksum of await goneOf(view, group)) gone.add(checksum);
  }
  return gone;
}

async function goneOf({ metadata, folder }: FolderView, contents: readonly Content[]) {
  const large = contents.filter(({ size }) => size > MAX_WHOLE_SIZE);
  const manifests = await metadata.manifests(
    folder,
    large.map(({ checksum }) => checksum),
  );
  const known = new Map(manifests.map((manifest) => [manifest.checksum, manifest]));
  const parts = contents.map((content) => {
    const manifest = known.get(content.checksum);
    const { chunks } = manifest?.size === content.size ? manifest : single(content);
    return { checksum: content.checksum, hashes: chunks.map(({ hash }) => hash) };
  });
  const hashes = new Set(parts.flatMap((one) => one.hashes));
  const missing = new Set(await metadata.missingChunks(folder, [...hashes]));
  return parts
    .filter((one) => one.hashes.some((hash) => missing.has(hash)))
    .map(({ checksum }) => checksum);
}
