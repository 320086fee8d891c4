import { useQuery } from '@tanstack/react-query';
import type { Verb } from '../../protocol/held.ts';
import { type Asking, askingsOf } from '../hold-text.ts';
import { tell } from '../parts/toaster.tsx';
import { call } from './call.ts';
import { queries } from './client.ts';
import { ownId } from './own-id.ts';

/** What clients ask a person about. */
export const useHolds = () =>
  useQuery({
    queryKey: ['held'],
    queryFn: ({ signal }) => call('held', {}, signal),
    select: ({ held }) => askingsOf(held),
  });

const TOLD: Readonly<Record<Verb, string>> = {
  approve: 'It may happen',
  undo: 'It is undone',
};

/** Says it to every client that holds exactly this. Throws when one holds something else by now; the others are told. */
export async function giveWord({ id, clients }: Asking, verb: Verb): Promise<void> {
  const given = await Promise.allSettled(
    clients.map(({ client_id: heldBy }) =>
      call('giveWord', { body: { client_id: ownId(), held_by: heldBy, id, verb } }),
    ),
  );
  await queries.invalidateQueries({ queryKey: ['held'] });
  const failed = given.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const isAway = clients.some(({ is_online: isOnline }) => !isOnline);
  tell(isAway ? `${TOLD[verb]}, as soon as all of them are connected` : TOLD[verb]);
}
