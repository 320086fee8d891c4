/** What became of one aspect of a node on one side since both sides agreed. */
export type Side = 'unchanged' | 'changed' | 'gone';
export type Aspect = 'unchanged' | 'changed';

export type Existence = 'in' | 'out';
export type PlaceRule = 'local' | 'remote';
export type ContentRule = 'local' | 'remote' | 'settle';

/** Rule M3 for a node that both sides knew: an edit or a move on one side beats a deletion on the other. */
export const EXISTENCE: Record<Side, Record<Side, Existence>> = {
  // remote:     unchanged        changed        gone
  unchanged: { unchanged: 'in', changed: 'in', gone: 'out' },
  changed: { unchanged: 'in', changed: 'in', gone: 'in' },
  gone: { unchanged: 'out', changed: 'in', gone: 'out' },
};

/** Rule M4 for a node that is on both sides: the server's place, if it changed there; else the local one. */
export const PLACE: Record<Aspect, Record<Aspect, PlaceRule>> = {
  // remote:     unchanged           changed
  unchanged: { unchanged: 'local', changed: 'remote' },
  changed: { unchanged: 'local', changed: 'remote' },
};

/** Rule M6 for a node that is on both sides; `settle` looks at what they hold. */
export const CONTENT: Record<Aspect, Record<Aspect, ContentRule>> = {
  // remote:     unchanged           changed
  unchanged: { unchanged: 'local', changed: 'remote' },
  changed: { unchanged: 'local', changed: 'settle' },
};
