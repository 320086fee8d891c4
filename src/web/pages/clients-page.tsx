import { useState } from 'react';
import type { KnownClient } from '../../protocol/client-info.ts';
import { removeClient } from '../api/actions.ts';
import { isBrowser, ownId } from '../api/own-id.ts';
import { useClients } from '../api/use-clients.ts';
import { lagLines } from '../lag-lines.ts';
import { Answered } from '../parts/answered.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Holds } from '../parts/holds/holds.tsx';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/time.tsx';

/** Everyone that the server knows: who is there, and how far each has come. */
const ClientsPage = () => {
  const query = useClients();
  const [removed, setRemoved] = useState<KnownClient>();
  const clients = (query.data?.clients ?? []).toSorted(
    (a, b) => Number(b.is_online) - Number(a.is_online) || a.name.localeCompare(b.name),
  );
  return (
    <>
      <Holds />
      <Answered
        query={query}
        isEmpty={clients.length === 0}
        icon="clients"
        nothing="There are no clients yet"
      >
        <ul className="tiles">
          {clients.map((client) => (
            <Tile key={client.client_id} client={client} onRemove={() => setRemoved(client)} />
          ))}
        </ul>
        {removed && (
          <Confirm
            title={`Remove “${removed.name}”?`}
            action="Remove it"
            isDangerous
            onYes={() => removeClient(removed.client_id)}
            onClose={() => setRemoved(undefined)}
          >
            The server forgets this client and closes its connection. Its files stay, here and
            there. If it connects again, it is a new client.
          </Confirm>
        )}
      </Answered>
    </>
  );
};

interface TileProps {
  readonly client: KnownClient;
  readonly onRemove: () => void;
}

const Tile = ({ client, onRemove }: TileProps) => {
  const isLooking = isBrowser(client.client_id);
  const lag = lagLines(client);
  return (
    <li className="card tile">
      <div className="row spread">
        <h2 className="row">
          <span className="dot" data-online={client.is_online} aria-hidden="true" />
          {client.name}
        </h2>
        {client.client_id === ownId() ? (
          <span className="tag">this browser</span>
        ) : (
          <button
            type="button"
            className="icon-button small"
            onClick={onRemove}
            aria-label={`Remove ${client.name}`}
          >
            <Icon name="trash" />
          </button>
        )}
      </div>
      <p>
        {client.is_online ? (
          'Connected'
        ) : (
          <>
            Last heard of <Time time={client.last_seen} />
          </>
        )}
      </p>
      {isLooking ? (
        <p className="soft small-text">Looks into the folder</p>
      ) : (
        lag.map((line) => (
          <p key={line} className="soft small-text">
            {line}
          </p>
        ))
      )}
      {!isLooking && (
        <p className="soft small-text ellipsis" title={client.sync_root}>
          {client.sync_root}
        </p>
      )}
      <p className="faint small-text ellipsis" title={client.client_id}>
        {client.client_id}
      </p>
    </li>
  );
};

export default ClientsPage;
