/** Shown only after a moment, so that what is quick does not flicker. */
export const Busy = ({ what = 'Loading' }: { what?: string }) => (
  <div className="busy" role="status">
    <span className="spinner" aria-hidden="true" />
    {what}…
  </div>
);
