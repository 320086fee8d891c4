import { useQuery } from '@tanstack/react-query';
import { contentAddress } from './address.ts';
import { keyHeaders, send } from './call.ts';

/** Bytes of a text that are shown: more would make the page slow, and nobody reads them here. */
export const SHOWN_TEXT = 512 * 1024;

export interface ReadText {
  /** Undefined: it is no text. */
  readonly text: string | undefined;
  /** False: the text goes on. */
  readonly isWhole: boolean;
}

interface Content {
  readonly checksum: string;
  readonly size: number;
}

/** A content as a text. Contents never change, so once is enough. */
export function useText(content: Content | undefined) {
  return useQuery({
    queryKey: ['text', content?.checksum],
    queryFn: ({ signal }) =>
      content === undefined ? { text: '', isWhole: true } : readText(content, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: content !== undefined,
  });
}

async function readText({ checksum, size }: Content, signal: AbortSignal): Promise<ReadText> {
  if (size === 0) return { text: '', isWhole: true };
  const answer = await send(contentAddress(checksum, 'text'), {
    headers: { ...keyHeaders(), ...(size > SHOWN_TEXT && { range: `bytes=0-${SHOWN_TEXT - 1}` }) },
    signal,
  });
  return { text: decode(new Uint8Array(await answer.arrayBuffer())), isWhole: size <= SHOWN_TEXT };
}

/** UTF-8, perhaps cut within a character; UTF-16 where it says so. A zero byte is in no text. */
export function decode(bytes: Uint8Array): string | undefined {
  const isWide =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  if (bytes.includes(0)) return undefined;
  const text = new TextDecoder().decode(bytes, { stream: true });
  const wrong = text.split('\ufffd').length - 1;
  return wrong > text.length / 10 ? undefined : text;
}

/** A content as a text that gives the same bytes again; undefined: it is none, or too large to be edited here. */
export async function readExact(
  { checksum, size }: Content,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (size > SHOWN_TEXT) return undefined;
  const answer = await send(contentAddress(checksum, 'text'), { headers: keyHeaders(), signal });
  return decodeExact(new Uint8Array(await answer.arrayBuffer()));
}

/** Nothing is put right, and a byte order mark stays. */
export function decodeExact(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
