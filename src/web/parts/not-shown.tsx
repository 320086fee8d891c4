import { Icon } from './icon.tsx';

interface Props {
  readonly error: Error;
  readonly again: () => unknown;
}

/** In the place of what was asked for and did not come: why, and the way out. */
export const NotShown = ({ error, again }: Props) => (
  <div className="blank" role="alert">
    <Icon name="warning" />
    <h2>This could not be shown</h2>
    <p>{error.message}</p>
    <button type="button" className="button" onClick={() => again()}>
      Try again
    </button>
  </div>
);
