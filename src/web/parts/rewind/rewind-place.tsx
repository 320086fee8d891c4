import { useState } from 'react';
import { nameOf, parentOf } from '../../folder-path.ts';
import { go } from '../../place.ts';
import { Dialog } from '../dialog.tsx';
import { DirectoryPicker } from '../files/directory-picker.tsx';
import { Icon } from '../icon.tsx';

/** What is to be rewound. */
export const RewindPlace = ({ path }: { path: string }) => {
  const [picked, setPicked] = useState<string>();
  const close = () => setPicked(undefined);
  return (
    <div className="row spread">
      <p className="row rewind-place">
        <Icon name="directory" />
        <strong>{path === '' ? 'All files' : nameOf(path)}</strong>
        <span className="soft">{parentOf(path)}</span>
      </p>
      <button type="button" className="button" onClick={() => setPicked(path)}>
        Choose another
      </button>
      {picked !== undefined && (
        <Dialog title="What is to be rewound?" onClose={close}>
          <DirectoryPicker path={picked} onGo={setPicked} />
          <div className="buttons">
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="button primary"
              onClick={() => {
                close();
                go('rewind', picked);
              }}
            >
              Take “{picked === '' ? 'All files' : nameOf(picked)}”
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
};
