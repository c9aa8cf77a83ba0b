import { alone } from '../figure';
import { LARGE, municipalityLines, subjectsOf, uuidIn } from '../made-up-municipality';
import { asOwner } from '../place';
import type { Contestant } from '../rounds';
import { sendLines } from '../send-lines';
import type { Chapter } from './chapter';

const ROOT = '/organisation/v1';
const PREFIX = 'organisation';
const SIZE = `${LARGE.units} units, ${LARGE.people} people, ${LARGE.functions} functions`;

const units = Array.from({ length: LARGE.units }, (_, unit) => unit);
const pages = units.map((unit) => `${ROOT}/organisationenheder/${uuidIn('unit', unit)}/overblik`);
/** Subjects that somebody answers for, each under a unit of the second level. */
const lookUps = units.flatMap((unit) =>
  subjectsOf(unit).map(
    (subject, n) => `${ROOT}/opgaveansvar?kle=${subject}&enhed=${uuidIn('unit', 1 + ((unit + n) % 12))}`,
  ),
);

/** What people ask of an organisation: the whole tree, the page of a unit, and who answers for a subject under a unit. */
export const organisation: Chapter = {
  name: 'organisation',
  isLong: true,
  async run({ place, rounds }) {
    const databaseUrl = await place.emptyDatabase('organisation');
    const server = await place.organisation({ databaseUrl });
    const begin = performance.now();
    await sendLines(server, municipalityLines(), PREFIX);
    const imported = (performance.now() - begin) / 1000;
    await asOwner(databaseUrl, (client) => client.query('vacuum analyze'));
    const path = `${ROOT}/enhedstrae`;
    const cold = performance.now();
    await fetch(`http://127.0.0.1:${server.port}${path}`, {
      headers: { authorization: `Bearer ${(await server.token()) ?? ''}` },
    }).then((answer) => answer.text());
    const first = performance.now() - cold;
    const asked = [
      { name: 'the tree of the whole', paths: [path], target: 300 },
      { name: 'the page of a unit', paths: pages, target: 50 },
      { name: 'who answers for a subject under a unit', paths: lookUps, target: 20 },
    ];
    const contestants = asked.map(({ name, paths }): Contestant => ({
      name: `organisation: ${name}`,
      server,
      workload: { kind: 'visit', paths },
      connections: 1,
    }));
    const samples = await rounds.run(contestants);
    await server.end();
    return [
      ...asked.map(({ name, target }) =>
        alone(
          { name: `${name}, ${SIZE}: p95, one connection`, unit: 'ms', target },
          samples[`organisation: ${name}`]!.map(({ p95 }) => p95),
        ),
      ),
      alone({ name: `the first tree after a start, ${SIZE}`, unit: 'ms' }, [first]),
      alone({ name: `import of them over HTTP, in one request`, unit: 's' }, [imported]),
    ];
  },
};
