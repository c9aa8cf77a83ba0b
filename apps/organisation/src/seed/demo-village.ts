import { DEMO_OWNERS, demoEmployee } from '@stoettesystemer/access';
import { authority } from './authority';
import { pointing, type Seeded } from './body';
import { DemoPlace, type DemoUnit, SINCE } from './demo-place';

const CVR = DEMO_OWNERS.proevelev;
const NAVN = 'Prøvelev Kommune';
const TREE: DemoUnit = { navn: NAVN, tasks: ['00'], under: [{ navn: 'Social', tasks: ['27'] }] };

const place = new DemoPlace(CVR);
const unitOf = (navn: string): string => place.uuid('enhed', navn);

const person = (number: number, brugernavn: string, navn: string, titel: string, enhed: string) => ({
  uuid: demoEmployee(number),
  // Numbers that nobody has: the day is 60 too high.
  cpr: `${60 + number}0280${String(9000 + number)}`,
  brugernavn,
  navn,
  posts: [{ titel, enhed }],
  leads: titel === 'Leder' ? [enhed] : [],
});

/** Prøvelev Kommune, which does not exist either, and is small. */
export const demoVillage = (): Seeded[] => [
  ...authority(['0998', NAVN, CVR], SINCE, { overordnet: [pointing(unitOf(NAVN))] }),
  ...place.units(TREE),
  ...[
    person(9, 'pavag', 'Påfundet Vagt', 'Vagt', 'Social'),
    person(10, 'palae', 'Påfundet Læser', 'Sagsbehandler', 'Social'),
    person(11, 'paadm', 'Påfundet Administrator', 'Leder', NAVN),
    person(12, 'pagra', 'Påfundet Grænsegænger', 'Sagsbehandler', 'Social'),
  ].flatMap((each) => place.person(each, unitOf)),
];
