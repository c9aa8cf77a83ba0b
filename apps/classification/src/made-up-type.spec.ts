import { describeType, Journal, runningApp, Ting } from '@stoettesystemer/testing';

const types = [Ting, Journal];
const start = () => runningApp({ name: 'made-up', prefix: 'proeve', types });

// Two types that no support system has: a declaration is all that routes, checks, OpenAPI, search, history, events and
// access are made from. The second holds persons, is restricted, and is deleted for good.
describeType(Ting, { start });
describeType(Journal, { start });
