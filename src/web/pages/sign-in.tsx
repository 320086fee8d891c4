import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { forgetKey, keepKey } from '../api/session.ts';
import { Icon } from '../parts/icon.tsx';

/** The server's sentence, or that the key is none. */
const sentenceOf = (error: unknown): string => {
  if (error instanceof ApiError && error.status === 401)
    return 'The server does not know this key.';
  return error instanceof Error ? error.message : `${error}`;
};

export const SignIn = ({ onDone }: { onDone: () => void }) => {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  const signIn = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem('');
    keepKey(`${form.get('key')}`.trim(), form.get('stay') !== null);
    try {
      await call('openSession', {});
      onDone();
    } catch (error) {
      forgetKey();
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <form className="card" onSubmit={signIn}>
        <img src="./icon.svg" alt="" width="56" height="56" />
        <h1>Sign in to Syncer</h1>
        <p className="soft">This server asks for an API key: one of those in its configuration.</p>
        <label className="field">
          <span>API key</span>
          <input
            name="key"
            type="password"
            autoComplete="current-password"
            required
            minLength={8}
            maxLength={256}
            aria-describedby="sign-in-problem"
            // biome-ignore lint/a11y/noAutofocus: there is nothing else on this page.
            autoFocus
          />
        </label>
        <label className="check">
          <input name="stay" type="checkbox" />
          <span>Stay signed in on this device</span>
        </label>
        <p id="sign-in-problem" className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button primary wide" disabled={isBusy}>
          <Icon name="key" /> Sign in
        </button>
      </form>
    </main>
  );
};
