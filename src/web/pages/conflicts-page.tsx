import { useState } from 'react';
import type { ConflictCopy } from '../../protocol/conflict.ts';
import { useConflicts } from '../api/use-conflicts.ts';
import { nameOf, parentOf } from '../folder-path.ts';
import { Answered } from '../parts/answered.tsx';
import { Conflict } from '../parts/conflicts/conflict.tsx';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/time.tsx';

/** Files that two changed at once: both versions are kept until somebody says what stays. */
const ConflictsPage = () => {
  const [open, setOpen] = useState<string>();
  const query = useConflicts();
  const conflicts = query.data?.conflicts ?? [];
  return (
    <Answered query={query} isEmpty={conflicts.length === 0} nothing="There are no conflicts">
      <p className="soft">
        Two clients changed the same file without knowing of each other. Both versions are kept
        until you say what stays.
      </p>
      <ul className="stack plain">
        {conflicts.map((conflict) => (
          <li key={conflict.path} className="card stack">
            <Head
              conflict={conflict}
              isOpen={conflict.path === open}
              onOpen={() => setOpen(conflict.path === open ? undefined : conflict.path)}
            />
            {conflict.path === open && <Conflict conflict={conflict} />}
          </li>
        ))}
      </ul>
    </Answered>
  );
};

interface HeadProps {
  readonly conflict: ConflictCopy;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

const Head = ({ conflict: { original, client, time }, isOpen, onOpen }: HeadProps) => (
  <button type="button" className="conflict-head" aria-expanded={isOpen} onClick={onOpen}>
    <Icon name="conflicts" />
    <span className="line-text">
      <strong>{nameOf(original)}</strong> <span className="soft">{parentOf(original)}</span>
      <span className="soft small-text block">
        and a version by {client}, <Time time={time} />
      </span>
    </span>
    <Icon name={isOpen ? 'up' : 'down'} />
  </button>
);

export default ConflictsPage;
