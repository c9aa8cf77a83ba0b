import { DEMO_OWNERS, DEMO_UNIT, demoEmployee } from '@stoettesystemer/access';
import { authority } from './authority';
import { pointing, type Seeded } from './body';
import { type DemoPerson, DemoPlace, type DemoUnit, SINCE, tasks } from './demo-place';

const CVR = DEMO_OWNERS.eksempelkoebing;
const SYSTEM = 'Demo Omsorg';
const [CONTACT, PAYING] = ['Omsorgens henvendelse', 'Udbetaling'];

const TREE: DemoUnit = {
  navn: 'Eksempelkøbing Kommune',
  tasks: ['00'],
  addresses: { Post: 'Rådhuspladsen 1, 9999 Eksempelkøbing', Email: 'post@eksempelkoebing.example' },
  under: [
    {
      navn: 'Social og Sundhed',
      tasks: ['27', '32'],
      refersTo: [PAYING],
      under: [
        {
          uuid: DEMO_UNIT,
          navn: 'Ældre og Omsorg',
          tasks: ['27.35', '27.36'],
          refersTo: [CONTACT],
          addresses: { Lokation: 'Omsorgsvej 3, 9999 Eksempelkøbing', Telefon: '99 99 00 03' },
          under: [
            { navn: 'Hjemmeplejen Nord', type: 'team', tasks: ['27.36.04'], refersTo: [CONTACT] },
            { navn: 'Hjemmeplejen Syd', type: 'team', tasks: ['27.36.04'], refersTo: [CONTACT] },
            { navn: 'Visitationen', type: 'team', tasks: ['27.35.04'], refersTo: [CONTACT] },
          ],
        },
        { navn: 'Ydelser', type: 'team', tasks: ['32.30'], refersTo: [PAYING] },
        { navn: 'Børn og Familie', tasks: ['27.24'] },
      ],
    },
    {
      navn: 'Børn og Skole',
      tasks: ['17', '28'],
      under: [
        {
          navn: 'Eksempelkøbing Skole',
          addresses: { Lokation: 'Skolevej 5, 9999 Eksempelkøbing' },
          tasks: ['17.00'],
        },
      ],
    },
    {
      navn: 'Teknik og Miljø',
      tasks: ['05', '09'],
      under: [{ navn: 'Vej og Park', type: 'team', tasks: ['05.01'] }],
    },
    {
      navn: 'Borgerservice',
      tasks: ['23'],
      addresses: { Henvendelsessted: 'Rådhuspladsen 1, stuen, 9999 Eksempelkøbing', Telefon: '99 99 00 00' },
    },
    { navn: 'Økonomi og Løn', tasks: ['00.30', '81'], addresses: { LosKortNavn: 'ØKLØN' } },
  ],
};

/** Numbers that nobody has: the day is 60 too high. */
const cpr = (number: number): string => `${60 + number}0180${String(9000 + number)}`;

const person = (
  number: number,
  brugernavn: string,
  navn: string,
  rest: Pick<DemoPerson, 'posts' | 'leads'>,
) => ({
  uuid: demoEmployee(number),
  cpr: cpr(number),
  brugernavn,
  navn,
  ...rest,
});
const post = (titel: string, enhed: string, fra: string = SINCE.fra, til?: string) => ({
  titel,
  enhed,
  virkning: { fra, ...(til === undefined ? {} : { til }) },
});
const MOVED = '2024-03-01T00:00:00Z';

/** The first eight are those who can log in. */
const PEOPLE: readonly DemoPerson[] = [
  person(1, 'opsag', 'Opdigtet Sagsbehandler', {
    posts: [
      post('Ydelsesmedarbejder', 'Ydelser', SINCE.fra, MOVED),
      post('Sagsbehandler', 'Visitationen', MOVED),
    ],
  }),
  person(2, 'opoms', 'Opdigtet Omsorgsmedarbejder', {
    posts: [post('Social- og sundhedsassistent', 'Hjemmeplejen Nord')],
  }),
  person(3, 'opyde', 'Opdigtet Ydelsesmedarbejder', { posts: [post('Ydelsesmedarbejder', 'Ydelser')] }),
  person(4, 'openh', 'Opdigtet Enhedsleder', {
    posts: [post('Centerleder', 'Ældre og Omsorg')],
    leads: ['Ældre og Omsorg', 'Hjemmeplejen Nord', 'Visitationen'],
  }),
  person(5, 'oplae', 'Opdigtet Læser', { posts: [post('Controller', 'Økonomi og Løn')] }),
  person(6, 'opadm', 'Opdigtet Administrator', { posts: [post('It-administrator', 'Økonomi og Løn')] }),
  person(7, 'oplav', 'Opdigtet Lavtniveau', { posts: [post('Elev', 'Borgerservice')] }),
  person(8, 'opnya', 'Opdigtet Nyansat', {
    posts: [post('Borgerrådgiver', 'Borgerservice', '2026-10-01T00:00:00Z')],
  }),
  person(21, 'opkom', 'Opdigtet Kommunaldirektør', {
    posts: [post('Kommunaldirektør', 'Eksempelkøbing Kommune')],
    leads: ['Eksempelkøbing Kommune'],
  }),
  person(22, 'opsoc', 'Opdigtet Socialdirektør', {
    posts: [post('Direktør', 'Social og Sundhed')],
    leads: ['Social og Sundhed', 'Ydelser', 'Børn og Familie'],
  }),
  person(23, 'opsko', 'Opdigtet Skoledirektør', {
    posts: [post('Direktør', 'Børn og Skole')],
    leads: ['Børn og Skole', 'Eksempelkøbing Skole'],
  }),
  person(24, 'optek', 'Opdigtet Teknikdirektør', {
    posts: [post('Direktør', 'Teknik og Miljø')],
    leads: ['Teknik og Miljø', 'Vej og Park'],
  }),
  person(25, 'opbor', 'Opdigtet Borgerservicechef', {
    posts: [post('Chef', 'Borgerservice')],
    leads: ['Borgerservice', 'Økonomi og Løn'],
  }),
];

const place = new DemoPlace(CVR);
const unitOf = (navn: string): string => (navn === 'Ældre og Omsorg' ? DEMO_UNIT : place.uuid('enhed', navn));
const at = (...names: readonly string[]) => ({
  tilknyttedeEnheder: names.map((navn) => pointing(unitOf(navn))),
});

/** Eksempelkøbing Kommune, which does not exist. Hjemmeplejen Syd has no leader of its own. */
export const demoTown = (): Seeded[] => [
  ...authority(['0999', 'Eksempelkøbing Kommune', CVR], SINCE, {
    overordnet: [pointing(unitOf('Eksempelkøbing Kommune'))],
  }),
  ...place.units(TREE),
  place.system(SYSTEM),
  ...PEOPLE.flatMap((each) => place.person(each, unitOf)),
  place.function('henvendelsessted', CONTACT, CONTACT, SINCE, {
    ...at('Borgerservice'),
    opgaver: tasks(['27.35', '27.36']),
  }),
  place.function('udbetalendeEnhed', PAYING, PAYING, SINCE, at('Økonomi og Løn')),
  place.function('systemrolle', `Brug af ${SYSTEM}`, `Brug af ${SYSTEM}`, SINCE, {
    ...at('Ældre og Omsorg', 'Hjemmeplejen Nord', 'Hjemmeplejen Syd', 'Visitationen'),
    tilknyttedeItSystemer: [pointing(place.uuid('it-system', SYSTEM))],
  }),
];
