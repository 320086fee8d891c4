import { useQuery } from '@tanstack/react-query';
import type { Settings } from '../../protocol/steer.ts';
import { call } from '../api/call.ts';
import { ownId } from '../api/own-id.ts';
import { signOut } from '../api/sign-out.ts';
import { countOf, formatSize } from '../format.ts';
import { useObservable } from '../observable.ts';
import { Answered } from '../parts/answered.tsx';
import { attempt } from '../parts/toaster.tsx';
import { retentionText } from '../retention-text.ts';
import { chooseTheme, THEMES, theme } from '../theme.ts';

/** How this browser shows things, and how the server is set up. */
const SettingsPage = () => {
  const query = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => call('settings', {}, signal),
  });
  return (
    <>
      <section className="card stack">
        <h2>This browser</h2>
        <ThemeChoice />
        <dl className="facts">
          <div>
            <dt>Known as</dt>
            <dd>
              <code>{ownId()}</code>
            </dd>
          </div>
        </dl>
        {query.data?.needs_key && (
          <div>
            <button
              type="button"
              className="button"
              onClick={() => attempt('Signing out did not work', signOut)}
            >
              Sign out
            </button>
          </div>
        )}
      </section>
      <section className="card stack">
        <h2>The server</h2>
        <Answered query={query}>{query.data && <ServerFacts settings={query.data} />}</Answered>
        <p className="soft small-text">
          These are set in the server’s configuration. <a href="./docs">The routes</a> are for those
          who write programs.
        </p>
      </section>
    </>
  );
};

const WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

const ThemeChoice = () => {
  const current = useObservable(theme);
  return (
    <fieldset className="choice">
      <legend>Appearance</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="theme"
            checked={each === current}
            onChange={() => chooseTheme(each)}
          />
          {WORDS[each]}
        </label>
      ))}
    </fieldset>
  );
};

const ServerFacts = ({ settings }: { settings: Settings }) => {
  const days = (count: number | null, none: string): string =>
    count === null ? none : countOf(count, 'day');
  const facts: readonly (readonly [string, string])[] = [
    ['Version', `${settings.version} (protocol ${settings.protocol_version})`],
    ['API key', settings.needs_key ? 'is needed' : 'is not needed'],
    ['Largest file', formatSize(settings.max_file_size)],
    ['Files taken', settings.allowed_extensions?.join(', ') ?? 'of any kind'],
    ['Versions kept', retentionText(settings.history_retention)],
    ['History kept', days(settings.history_retention_days, 'for ever')],
    ['Everything is verified within', days(settings.scrub_days, 'no time: it is turned off')],
    ['Heartbeat', `every ${countOf(settings.heartbeat_interval, 'second')}`],
    ['Connections at most', `${settings.max_connections}`],
    ['Messages at most', `${settings.max_messages_per_second} per second and client`],
  ];
  return (
    <dl className="facts wide">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

export default SettingsPage;
