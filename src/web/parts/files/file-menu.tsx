import { Menu } from '@base-ui/react/menu';
import type { Listed } from '../../../protocol/listing.ts';
import { deleteNodes } from '../../api/actions.ts';
import { linkTo } from '../../place.ts';
import { Icon } from '../icon.tsx';
import { attempt } from '../toaster.tsx';
import { addressFor } from './download.ts';
import type { Asking } from './file-dialogs.tsx';

export type Anchor = DOMRect;

export interface MenuAt {
  readonly listed: Listed;
  readonly anchor: Anchor;
}

interface Props {
  readonly at: MenuAt | undefined;
  readonly onClose: () => void;
  readonly ask: (asking: Asking) => void;
  readonly show: (listed: Listed) => void;
}

/** One menu for all rows: it opens at the one that it was called for. */
export const FileMenu = ({ at, ...props }: Props) => (
  <Menu.Root open={at !== undefined} onOpenChange={(isOpen) => isOpen || props.onClose()}>
    <Menu.Portal>
      <Menu.Positioner
        className="above"
        sideOffset={4}
        align="end"
        anchor={at && { getBoundingClientRect: () => at.anchor }}
      >
        <Menu.Popup className="menu">{at && <Items listed={at.listed} {...props} />}</Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  </Menu.Root>
);

const Items = ({ listed, ask, show }: { listed: Listed } & Omit<Props, 'at'>) => (
  <>
    <Menu.Item onClick={() => show(listed)}>
      <Icon name={listed.kind === 'directory' ? 'directory' : 'file'} /> Open
    </Menu.Item>
    {listed.kind !== 'symlink' && (
      <Menu.Item render={<a href={addressFor(listed)} download="" />}>
        <Icon name="download" /> {listed.kind === 'directory' ? 'Download as zip' : 'Download'}
      </Menu.Item>
    )}
    <Menu.Item onClick={() => ask({ what: 'versions', listed })}>
      <Icon name="history" /> Versions
    </Menu.Item>
    <Menu.Item onClick={() => ask({ what: 'rename', listed })}>
      <Icon name="rename" /> Rename
    </Menu.Item>
    <Menu.Item onClick={() => ask({ what: 'move', listed: [listed] })}>
      <Icon name="move" /> Move to …
    </Menu.Item>
    {listed.kind !== 'symlink' && (
      <Menu.Item render={<a href={linkTo('rewind', listed.path)} />}>
        <Icon name="rewind" /> Rewind
      </Menu.Item>
    )}
    <Menu.Item
      className="danger"
      onClick={() => attempt('It could not be deleted', () => deleteNodes([listed]))}
    >
      <Icon name="trash" /> Delete
    </Menu.Item>
  </>
);
