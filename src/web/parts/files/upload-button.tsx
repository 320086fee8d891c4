import { Menu } from '@base-ui/react/menu';
import { useRef } from 'react';
import { uploads } from '../../api/uploads-here.ts';
import { readPicked } from '../../read-dropped.ts';
import { Icon } from '../icon.tsx';

/** Files, or a directory with all that is in it. */
export const UploadButton = ({ path }: { path: string }) => {
  const files = useRef<HTMLInputElement>(null);
  const directory = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    if (input.files !== null) uploads.add(readPicked(input.files, path));
    input.value = '';
  };
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="button primary">
          <Icon name="upload" /> <span className="word">Upload</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="start" className="above">
            <Menu.Popup className="menu">
              <Menu.Item onClick={() => files.current?.click()}>
                <Icon name="file" /> Files
              </Menu.Item>
              <Menu.Item onClick={() => directory.current?.click()}>
                <Icon name="directory" /> A directory
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={directory}
        type="file"
        hidden
        aria-label="Directory to upload"
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  );
};
