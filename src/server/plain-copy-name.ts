import { partsOf } from '../core/conflict-name.ts';

export interface PlainCopy {
  /** Name of what the copy was made of. */
  readonly original: string;
  /** Name of the client that the copy is from. */
  readonly client: string;
  /** From 1 on; the next when a name was not free. */
  readonly attempt: number;
}

/**
 * What a conflict copy is called that is none any more: `report (Anna).txt`, then `report (Anna 2).txt`. Shorter than the
 * name that it had, for a thousand attempts.
 */
export function plainCopyName({ original, client, attempt }: PlainCopy): string {
  const [stem, extension] = partsOf(original);
  const mark = attempt === 1 ? client : `${client} ${attempt}`;
  return `${stem} (${mark})${extension}`;
}
