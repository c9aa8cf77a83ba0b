import { describeType, Journal, runningService, Ting } from '@stoettesystemer/testing';
import { openService } from './spec/open-service';

const types = [Ting, Journal];
const start = () =>
  runningService({
    prefix: 'proeve',
    types,
    open: (surroundings) => openService({ name: 'made-up', prefix: 'proeve', types }, surroundings),
  });

// Two types that no support system has: a declaration is all that routes, checks, OpenAPI, search, history, events and
// access are made from. The second holds persons, is restricted, and is deleted for good.
describeType(Ting, { start });
describeType(Journal, { start });
