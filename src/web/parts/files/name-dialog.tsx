import { type FormEvent, useCallback, useRef, useState } from 'react';
import { problemOfName } from '../../folder-path.ts';
import { Dialog } from '../dialog.tsx';

interface Props {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly name?: string;
  readonly onName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a name until there is one that the server takes. */
export const NameDialog = ({ title, action, name = '', onName, onClose }: Props) => {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  // The extension mostly stays. The field is there later than the dialog.
  const prepare = useCallback(
    (element: HTMLInputElement | null) => {
      field.current = element;
      const dot = name.lastIndexOf('.');
      element?.setSelectionRange(0, dot > 0 ? dot : name.length);
    },
    [name],
  );

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const wanted = `${new FormData(event.currentTarget).get('name')}`;
    const refused = problemOfName(wanted);
    if (refused !== undefined) return setProblem(refused);
    setBusy(true);
    try {
      await onName(wanted);
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} first={field} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <label className="field">
          <span>Name</span>
          <input
            ref={prepare}
            name="name"
            defaultValue={name}
            maxLength={255}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="name-problem"
            aria-invalid={problem !== ''}
          />
        </label>
        <p id="name-problem" className="problem" role="alert">
          {problem}
        </p>
        <div className="buttons">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
