import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { uploadDropped } from '../../api/uploads-here.ts';
import { nameOf } from '../../folder-path.ts';
import { readDropped } from '../../read-dropped.ts';
import { Icon } from '../icon.tsx';
import { attempt } from '../toaster.tsx';

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files');

/** Takes files and directories that are dropped anywhere on the page. */
export const DropZone = ({ path, children }: { path: string; children: ReactNode }) => {
  const [isOver, setOver] = useState(false);
  /** Going from one element to the next, the next is entered before the first is left. */
  const depth = useRef(0);
  const enter = (by: number) => (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth.current += by;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const dropped = readDropped(event.dataTransfer, path);
    attempt('Not everything could be uploaded', async () => uploadDropped(await dropped));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever has no pointer uses the button "Upload".
    <div
      className="drop-zone"
      onDragEnter={enter(1)}
      onDragLeave={enter(-1)}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {isOver && (
        <div className="drop-here">
          <Icon name="upload" />
          Let go to upload to “{path === '' ? 'All files' : nameOf(path)}”
        </div>
      )}
    </div>
  );
};
