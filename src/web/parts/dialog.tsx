import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { Icon } from './icon.tsx';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly isLarge?: boolean;
  /** Where one types first; else the first thing that takes keys. */
  readonly first?: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Stands before everything else until it is closed. Shown as long as it is there. */
export const Dialog = ({ title, children, isLarge = false, first, onClose }: Props) => (
  <Base.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
    <Base.Portal>
      <Base.Backdrop className="backdrop" />
      <Base.Popup
        className={isLarge ? 'dialog large' : 'dialog'}
        {...(first && { initialFocus: first })}
      >
        <header className="row spread">
          <Base.Title className="dialog-title">{title}</Base.Title>
          <Base.Close className="icon-button" aria-label="Close">
            <Icon name="close" />
          </Base.Close>
        </header>
        {children}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);
