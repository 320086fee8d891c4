import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly children: ReactNode;
  readonly onYes: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is done, and stays until it is. */
export const Confirm = (props: Props) => {
  const { title, action, isDangerous = false, children, onYes, onClose } = props;
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await onYes();
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <p className="problem" role="alert">
        {problem}
      </p>
      <div className="buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={isDangerous ? 'button danger' : 'button primary'}
          disabled={isBusy}
          onClick={confirm}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
};
