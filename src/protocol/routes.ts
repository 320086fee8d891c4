import { CONTRACT_ROUTES } from './contract-routes.ts';
import { ENGINE_ROUTES } from './engine-routes.ts';
import { FOLDER_ROUTES } from './folder-routes.ts';
import { other, type Route } from './route.ts';

/** For those who run the server. */
const OPERATING_ROUTES = {
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Answers the metrics in the Prometheus text format.',
    answers: { 200: other('text/plain', 'The metrics.') },
    needsKey: true,
    failures: [],
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Answers this description.',
    answers: { 200: other('application/json', 'OpenAPI 3.1.') },
    needsKey: true,
    failures: [],
  },
  docs: {
    method: 'GET',
    path: '/docs',
    summary: 'Shows this description.',
    answers: { 200: other('text/html', 'A page.') },
    needsKey: true,
    failures: [],
  },
} as const satisfies Record<string, Route>;

/** Every route there is, once. */
export const ROUTES = {
  ...CONTRACT_ROUTES,
  ...ENGINE_ROUTES,
  ...FOLDER_ROUTES,
  ...OPERATING_ROUTES,
};
export type RouteName = keyof typeof ROUTES;
