/** What holds a path, as far as it matters whether two are the same: a kind, or of a file its SHA-256. */
export type Held = string;

export interface Sides {
  /** On this disk; undefined: nothing is there. */
  readonly here: Held | undefined;
  /** On the server now. */
  readonly there: Held | undefined;
  /** What both agreed on last; undefined: nothing, so far. */
  readonly agreed: Held | undefined;
}

/** How what is on this disk stands to what is on the server. */
export type Standing =
  | 'in_sync'
  | 'nowhere'
  | 'new_here'
  | 'new_there'
  | 'edited_here'
  | 'edited_there'
  | 'edited_on_both'
  | 'deleted_here'
  | 'deleted_there';

export function standingOf({ here, there, agreed }: Sides): Standing {
  if (here === there) return here === undefined ? 'nowhere' : 'in_sync';
  if (here === undefined) return agreed === undefined ? 'new_there' : 'deleted_here';
  if (there === undefined) return agreed === undefined ? 'new_here' : 'deleted_there';
  if (here === agreed) return 'edited_there';
  return there === agreed ? 'edited_here' : 'edited_on_both';
}

export const STANDINGS: Readonly<Record<Standing, string>> = {
  in_sync: 'What is on this disk is what the server has.',
  nowhere: 'It is neither on this disk nor on the server now.',
  new_here: 'It is only on this disk so far: the next round of this client sends it.',
  new_there: 'It is only on the server so far: the next round of this client brings it here.',
  edited_here: 'It was changed here, and the server does not have that yet.',
  edited_there: 'It was changed on the server, and this disk does not have that yet.',
  edited_on_both:
    'It was changed here and on the server since both last agreed: the next round merges the two, where they are ' +
    'texts that allow it, or keeps one beside the other.',
  deleted_here: 'It was deleted or moved here, and that is not done on the server yet.',
  deleted_there: 'It was deleted or moved on the server, and that is not done here yet.',
};
