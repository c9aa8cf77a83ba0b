import type { ObjectInput } from '@stoettesystemer/engine';

/** The service that the made-up type is served by, and the municipality that owns all of it. */
export const SERVICE = 'proeve';
export const OWNER = '12345678';
export const PATH = `/${SERVICE}/v1/ting`;

const SINCE = { fra: '2020-01-01T00:00:00Z', til: null };
const TITLES = ['Ansøgning om', 'Klage over', 'Afgørelse om', 'Høring om'];
const SUBJECTS = ['hjælpemiddel til bolig', 'tilskud til pasning', 'byggetilladelse', 'plads i dagtilbud'];
/** Things whose numbers are alike modulo this differ only in their number and their UUIDs. */
export const KINDS = TITLES.length * SUBJECTS.length;
/** Everything of a thing beside its lines: properties, state, what it belongs to, and a neighbour. */
const OTHER_FACTS = 4;

function mixed(seed: number): string {
  let x = seed;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0).toString(16).padStart(8, '0');
}

/** The UUID of thing `n` (below 2³²): spread over the whole index as random ones are, and known without asking. */
export function uuidOf(n: number): string {
  const [a, b, c, d] = [mixed(n), mixed(n ^ 0x9e3779b9), mixed(n ^ 0x3c6ef372), mixed(n ^ 0x1b873593)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** What tells thing `n` from all others, in its key and in its texts. */
export const markOf = (n: number): string => String(n).padStart(10, '0');
export const keyOf = (n: number): string => `T-${markOf(n)}`;

const titleOf = (n: number): string =>
  `${TITLES[n % TITLES.length]} ${SUBJECTS[Math.floor(n / TITLES.length) % SUBJECTS.length]}`;

/** A thing of so many facts, at least five. */
export function bodyOf(n: number, facts: number): ObjectInput {
  const lines = Array.from({ length: facts - OTHER_FACTS }, (_, line) => ({
    virkning: SINCE,
    id: `L${line}`,
    tekst: `Linje ${line} i ${markOf(n)}`,
    beloeb: '125.50',
  }));
  return {
    attributter: {
      egenskaber: [
        {
          virkning: SINCE,
          brugervendtNoegle: keyOf(n),
          titel: `${titleOf(n)} ${markOf(n)}`,
          beskrivelse: `Sagen drejer sig om ${titleOf(n).toLowerCase()} og har nummer ${markOf(n)}.`,
          antal: 7,
          dato: '2020-02-29',
          farve: 'groen',
        },
      ],
      linje: lines,
    },
    tilstande: { gyldighed: [{ virkning: SINCE, vaerdi: 'Aktiv' }] },
    relationer: {
      overordnet: [{ virkning: SINCE, reference: { uuid: uuidOf(n % KINDS) } }],
      naboer: [{ virkning: SINCE, reference: { uuid: uuidOf((n + 1) % KINDS) } }],
    },
  };
}

/** A Ret of one attribute; `turn` makes it say something new. */
export const changeOf = (turn: number): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: SINCE, titel: `Rettet for ${turn}. gang` }] },
});

export const lineOf = (n: number, facts: number): string =>
  `${JSON.stringify({ objekttype: 'Ting', uuid: uuidOf(n), ...bodyOf(n, facts) })}\n`;

/** When the first registration of a thing with a history was made; the next follow an hour apart. */
export const FIRST_REGISTRATION = Date.UTC(2021, 0, 1);
const HOUR = 3_600_000;

/** A thing that was registered so many times, its title each time another. */
export function historyLineOf(n: number, registrations: number): string {
  const registreringer = Array.from({ length: registrations }, (_, turn) => ({
    fra: new Date(FIRST_REGISTRATION + turn * HOUR).toISOString(),
    attributter: {
      egenskaber: [{ virkning: SINCE, brugervendtNoegle: keyOf(n), titel: `${titleOf(n)} nr. ${turn}` }],
    },
    tilstande: { gyldighed: [{ virkning: SINCE, vaerdi: 'Aktiv' }] },
    relationer: { overordnet: [{ virkning: SINCE, reference: { uuid: uuidOf(n % KINDS) } }] },
  }));
  return `${JSON.stringify({ objekttype: 'Ting', uuid: uuidOf(n), registreringer })}\n`;
}
