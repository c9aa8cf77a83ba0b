import { SetMetadata } from '@nestjs/common';
import type { Verb } from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import { JSON_TYPE } from './media-type';

/** What an operation says of itself; the guards act on it before anything else is looked at. */
export interface RouteFacts {
  /** Open to everybody, without a token. */
  readonly open?: boolean;
  /** The right that it takes, to one at least of the types; without any, any token of the service will do. */
  readonly may?: { readonly verb: Verb; readonly types: readonly Declaration[] };
  /** A privilege that is about no type: `adgangsstyring:godkend`. */
  readonly privilege?: string;
  /** It searches: an it-system may have only a few of these under way at once. */
  readonly searches?: boolean;
  /** Names of its query parameters. */
  readonly parameters?: Iterable<string>;
  /** Format of its answer. */
  readonly gives?: string;
}

interface Route {
  readonly open: boolean;
  readonly may: RouteFacts['may'] | null;
  readonly privilege: string | null;
  readonly searches: boolean;
  readonly parameters: ReadonlySet<string>;
  readonly gives: string;
}

export const ROUTE = Symbol('route');

/** Every operation has exactly one of these. */
export const Route = ({
  open = false,
  may,
  privilege,
  searches = false,
  parameters = [],
  gives = JSON_TYPE,
}: RouteFacts = {}) =>
  SetMetadata<symbol, Route>(ROUTE, {
    open,
    may: may ?? null,
    privilege: privilege ?? null,
    searches,
    parameters: new Set(parameters),
    gives,
  });

/** The facts of a handler. One without them is a mistake that must not open a door. */
export function routeOf(handler: object): Route {
  const route = Reflect.getMetadata(ROUTE, handler) as Route | undefined;
  if (!route) throw new Error('An operation without @Route');
  return route;
}
