import { describeType, Journal, Menneske, runningApp, Ting } from '@stoettesystemer/testing';

const types = [Ting, Journal, Menneske];
const start = () => runningApp({ name: 'made-up', prefix: 'proeve', types });

// Three types that no support system has: a declaration is all that routes, checks, OpenAPI, search, history, events and
// access are made from. The second holds persons, is restricted, and is deleted for good; the third is shown in full to
// some callers only.
describeType(Ting, { start });
describeType(Journal, { start });
describeType(Menneske, { start });
