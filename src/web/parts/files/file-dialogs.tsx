import type { Listed } from '../../../protocol/listing.ts';
import { makeDirectory, move } from '../../api/actions.ts';
import { parentOf, pathIn } from '../../folder-path.ts';
import { Dialog } from '../dialog.tsx';
import { Versions } from '../panel/versions.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';

/** What a person is asked before it is done. */
export type Asking =
  | { readonly what: 'new-directory' }
  | { readonly what: 'rename'; readonly listed: Listed }
  | { readonly what: 'versions'; readonly listed: Listed }
  | { readonly what: 'move'; readonly listed: readonly Listed[] }
  | undefined;

interface Props {
  readonly asking: Asking;
  /** The directory that is shown. */
  readonly path: string;
  readonly ask: (asking: Asking) => void;
}

export const FileDialogs = ({ asking, path, ask }: Props) => {
  const close = () => ask(undefined);
  switch (asking?.what) {
    case undefined:
      return null;
    case 'new-directory':
      return (
        <NameDialog
          title="New directory"
          action="Make it"
          onName={(name) => makeDirectory(pathIn(path, name))}
          onClose={close}
        />
      );
    case 'rename': {
      const { listed } = asking;
      return (
        <NameDialog
          title={`Rename “${listed.name}”`}
          action="Rename"
          name={listed.name}
          onName={(name) => move(listed.path, pathIn(parentOf(listed.path), name))}
          onClose={close}
        />
      );
    }
    case 'versions':
      return (
        <Dialog title={`Versions of “${asking.listed.name}”`} onClose={close}>
          <Versions listed={asking.listed} />
        </Dialog>
      );
    case 'move':
      return <MoveDialog listed={asking.listed} path={path} onClose={close} />;
  }
};
