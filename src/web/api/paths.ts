import type { Static, TSchema } from 'typebox';
import type { ROUTES } from '../../protocol/routes.ts';

type Routes = typeof ROUTES;

/** The routes that a browser asks. Their descriptions stay on the server: here are only their paths. */
export const PATHS = {
  register: ['POST', '/register'],
  deleteFile: ['DELETE', '/files/{path}'],
  listing: ['GET', '/v1/listing'],
  search: ['GET', '/v1/search'],
  makeDirectory: ['POST', '/v1/directories'],
  move: ['POST', '/v1/moves'],
  settle: ['POST', '/v1/conflicts'],
  trash: ['GET', '/v1/trash'],
  restore: ['POST', '/v1/restore'],
  rewind: ['POST', '/v1/rewind'],
  held: ['GET', '/v1/held'],
  giveWord: ['POST', '/v1/held'],
  removeClient: ['DELETE', '/v1/clients/{client_id}'],
  activity: ['GET', '/v1/activity'],
  settings: ['GET', '/v1/settings'],
  openSession: ['POST', '/v1/session'],
  closeSession: ['DELETE', '/v1/session'],
  history: ['GET', '/v1/history'],
  clients: ['GET', '/v1/clients'],
  conflicts: ['GET', '/v1/conflicts'],
  stats: ['GET', '/v1/stats'],
} as const satisfies { readonly [K in keyof Routes]?: readonly [Routes[K]['method'], string] };

export type Asked = keyof typeof PATHS;

/** That each path is the one of its route: another would not compile. */
type Same = { readonly [K in Asked]: readonly [Routes[K]['method'], Routes[K]['path']] };
PATHS satisfies Same;

type Part<K extends Asked, Name extends string> =
  Routes[K] extends Readonly<Record<Name, infer S extends TSchema>>
    ? { readonly [N in Name]: Static<S> }
    : unknown;

type Body<K extends Asked> = Routes[K] extends {
  readonly body: { readonly schema: infer S extends TSchema };
}
  ? { readonly body: Static<S> }
  : unknown;

/** What a request of the route needs. */
export type Given<K extends Asked> = Part<K, 'params'> & Part<K, 'query'> & Body<K>;

/** What is answered. */
export type Answer<K extends Asked> = Routes[K]['answers'][200] extends {
  readonly schema: infer S extends TSchema;
}
  ? Static<S>
  : never;
