import { useState } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { move } from '../../api/actions.ts';
import { isWithin, nameOf, parentOf, pathIn } from '../../folder-path.ts';
import { countOf } from '../../format.ts';
import { Dialog } from '../dialog.tsx';
import { attempt } from '../toaster.tsx';
import { DirectoryPicker } from './directory-picker.tsx';

interface Props {
  readonly listed: readonly Listed[];
  /** Where one begins to choose. */
  readonly path: string;
  readonly onClose: () => void;
}

/** Asks where to. What would come to lie in itself cannot go there. */
export const MoveDialog = ({ listed, path, onClose }: Props) => {
  const [to, setTo] = useState(path);
  const [first] = listed;
  const what =
    listed.length === 1 && first ? `“${first.name}”` : countOf(listed.length, 'entry', 'entries');
  const isInside = listed.some((each) => each.kind === 'directory' && isWithin(each.path, to));
  const isThere = listed.every((each) => parentOf(each.path) === to);
  const moveAll = async (): Promise<void> => {
    onClose();
    for (const each of listed) await move(each.path, pathIn(to, each.name));
  };
  return (
    <Dialog title={`Move ${what}`} onClose={onClose}>
      <DirectoryPicker path={to} onGo={setTo} />
      <p className="problem" role="alert">
        {isInside ? 'A directory cannot lie in itself.' : ''}
      </p>
      <div className="buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={isInside || isThere}
          onClick={() => attempt('It could not be moved', moveAll)}
        >
          Move to “{to === '' ? 'All files' : nameOf(to)}”
        </button>
      </div>
    </Dialog>
  );
};
