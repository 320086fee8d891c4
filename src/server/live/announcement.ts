import type { Versioned } from '../../core/entry.ts';
import type { FileInfo } from '../../protocol/file-info.ts';
import { MAX_INLINE, MAX_MESSAGE, MAX_PATH } from '../../protocol/limits.ts';
import type { Down as DownMessage } from '../../protocol/message.ts';
import { writeDown } from '../../protocol/message.ts';
import { pushedToWire } from '../../protocol/pushed.ts';
import type { SyncOperation } from '../../protocol/sync.ts';
import type { Committed } from '../commit.ts';
import { fileInfoOf } from '../file-info.ts';
import { textFrame } from './text-frame.ts';

/** A commit of more is only told of: a listener pulls it in pages. */
const MOST_PUSHED = 1_000;

/** A commit for those who listen. What each kind of listener gets is made once, when the first one needs it. */
export interface Announcement {
  /** Of the client whose commit it is: its own change never comes back to it. */
  readonly clientId: string;
  /** Its engine did not make it: it was asked for beside that, in the client's name (a restore, a rewind), so that is told to ask. */
  readonly isBeside: boolean;
  /** Of the last change. */
  readonly cursor: number;
  readonly engine: () => Buffer;
  readonly contract: () => Buffer;
}

/** `now`: milliseconds since 1970. undefined for a commit without changes, of which there is nothing to tell. */
export function announcementOf(committed: Committed, now: number): Announcement | undefined {
  const last = committed.records.at(-1);
  if (last === undefined) return undefined;
  const { clientId, cursor, cause } = last;
  return {
    clientId,
    isBeside: cause !== 'sync',
    cursor,
    engine: once(() => pushedFrame(committed, now) ?? behindFrame({ clientId, cursor, now })),
    contract: once(() =>
      Buffer.concat(
        committed.records.map((record) => changeFrames({ ...record, entry: record.after, now })),
      ),
    ),
  };
}

/** One message for the whole commit; undefined when it is too large for one. */
function pushedFrame(
  { epoch, chain, records, chunks }: Committed,
  now: number,
): Buffer | undefined {
  const [first] = records;
  if (first === undefined || records.length > MOST_PUSHED) return undefined;
  const small = chunks.reduce((sum, { size }) => sum + size, 0) <= MAX_INLINE;
  const changes = records.map(({ cursor, node, after }) => ({ cursor, node, entry: after }));
  const pushed = pushedToWire({
    epoch,
    since: first.cursor - 1,
    cursor: first.cursor - 1 + records.length,
    chain,
    changes,
    chunks: small ? chunks : [],
  });
  // A longer path is none of the contract's: its FileInfo would spoil the whole message.
  const info = first.path.length > MAX_PATH ? {} : infoOf(first.path, changes[0]?.entry);
  const data = { ...changeData(first), ...info, pushed };
  const text = writeDown({ type: 'file_changed', data }, { clientId: first.clientId, now });
  return Buffer.byteLength(text) > MAX_MESSAGE ? undefined : textFrame(text);
}

interface Behind {
  readonly cursor: number;
  /** Of the envelope. */
  readonly clientId: string;
  readonly now: number;
}

export const behindFrame = ({ cursor, ...from }: Behind): Buffer =>
  textFrame(writeDown({ type: 'behind', data: { cursor } }, from));

export const appliedWantedFrame = ({ cursor, ...from }: Behind): Buffer =>
  textFrame(writeDown({ type: 'applied_wanted', data: { cursor } }, from));

export interface ToldChange {
  readonly operation: SyncOperation;
  readonly path: string;
  readonly oldPath?: string;
  readonly clientId: string;
  /** What is at the path now; undefined: nothing. */
  readonly entry: Versioned | undefined;
  readonly now: number;
}

/** One change under its name and under its older one. Nothing for a symlink, which the contract does not know. */
export function changeFrames(change: ToldChange): Buffer {
  const { entry, path, operation, clientId, now } = change;
  const info = infoOf(path, entry);
  if (entry !== undefined && info.file_info === undefined) return Buffer.alloc(0);
  const data = changeData(change);
  const notice = operation === 'delete' ? 'file_deleted' : 'file_updated';
  const messages: DownMessage[] = [
    { type: 'file_changed', data: { ...data, ...info } },
    { type: notice, data },
  ];
  return Buffer.concat(messages.map((one) => textFrame(writeDown(one, { clientId, now }))));
}

/** The FileInfo of what is there now; none of what is gone, nor of a symlink. */
function infoOf(path: string, entry: Versioned | undefined): { readonly file_info?: FileInfo } {
  const info = entry === undefined ? undefined : fileInfoOf(path, entry);
  return info === undefined ? {} : { file_info: info };
}

const changeData = ({ operation, path, oldPath, clientId }: Omit<ToldChange, 'entry' | 'now'>) => ({
  operation,
  file_path: path,
  ...(oldPath !== undefined && { old_path: oldPath }),
  client_id: clientId,
});

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
