import { DEMO_UNIT, demoEmployee } from '@stoettesystemer/access';
import type { PrivilegeGroup, PrivilegeList } from '../bpp/privilege-list';
import type { NsisLevel } from '../decision/question';
import { parameterName } from '../login/said-job-functions';

/** Somebody who does not exist, at a municipality that does not exist. */
export interface TestEmployee {
  readonly id: string;
  readonly navn: string;
  /** Persistent UUID at the IdP. */
  readonly uuid: string;
  /** CVR of the municipality. */
  readonly home: string;
  readonly level: NsisLevel;
  /** What there is to try with this one. */
  readonly om: string;
  readonly privileges: PrivilegeList;
}

export const TEST_TOWNS = { '12345678': 'Eksempelkøbing', '87654321': 'Prøvelev' } as const;
const [TOWN, OTHER] = ['12345678', '87654321'] as const;

const roleOf = (domain: string, name: string) => `http://${domain}.test/roles/jobrole/${name}/1`;

/** entityIds of the job functions that the made-up employees have, as they are to be registered. */
export const TEST_JOB_FUNCTIONS = {
  /** KLE 27.* up to level 2; together with the next, two groups that must never be mixed. */
  omsorg: roleOf('eksempelkoebing', 'omsorg-27'),
  /** KLE 32.30.* at level 1. */
  ydelser: roleOf('eksempelkoebing', 'ydelser-32-30'),
  /** Its unit is dynamic: the restriction has the id `enhed`. */
  enhed: roleOf('eksempelkoebing', 'egen-enhed'),
  laeser: roleOf('eksempelkoebing', 'laeser'),
  administrator: roleOf('eksempelkoebing', 'administrator'),
  /** Eksempelkøbing's, delegated to Prøvelev. */
  vagt: roleOf('eksempelkoebing', 'tvaerkommunal-vagt'),
  proevelaeser: roleOf('proevelev', 'laeser'),
  proeveadministrator: roleOf('proevelev', 'administrator'),
} as const;

/** The unit of those whose job function is restricted to one, with all under it. */
export const TEST_UNIT = DEMO_UNIT;

const has = (
  scope: string,
  role: string,
  constraints: PrivilegeGroup['constraints'] = [],
): PrivilegeGroup => ({
  scope: { kind: 'cvrNumberIdentifier', value: scope },
  privileges: [role],
  constraints,
});

const person = (
  number: number,
  id: string,
  rest: Omit<TestEmployee, 'id' | 'uuid' | 'level'> & { level?: NsisLevel },
): TestEmployee => ({
  id,
  uuid: demoEmployee(number),
  level: 'Substantial',
  ...rest,
});

const { omsorg, ydelser, enhed, laeser, administrator, vagt, proevelaeser, proeveadministrator } =
  TEST_JOB_FUNCTIONS;

export const TEST_EMPLOYEES: readonly TestEmployee[] = [
  person(1, 'opdigtet-sagsbehandler', {
    navn: 'Opdigtet Sagsbehandler',
    home: TOWN,
    om: 'KLE 27.* til følsomhed 2 og KLE 32.30.* til følsomhed 1, som to roller',
    privileges: [has(TOWN, omsorg), has(TOWN, ydelser)],
  }),
  person(2, 'opdigtet-omsorgsmedarbejder', {
    navn: 'Opdigtet Omsorgsmedarbejder',
    home: TOWN,
    om: 'kun KLE 27.*',
    privileges: [has(TOWN, omsorg)],
  }),
  person(3, 'opdigtet-ydelsesmedarbejder', {
    navn: 'Opdigtet Ydelsesmedarbejder',
    home: TOWN,
    om: 'kun KLE 32.30.*',
    privileges: [has(TOWN, ydelser)],
  }),
  person(4, 'opdigtet-enhedsleder', {
    navn: 'Opdigtet Enhedsleder',
    home: TOWN,
    om: 'sin egen enhed og alt under den; enheden sendes ved login',
    privileges: [has(TOWN, enhed, [{ name: parameterName(enhed, 'enhed'), values: [`${TEST_UNIT}/*`] }])],
  }),
  person(5, 'opdigtet-laeser', {
    navn: 'Opdigtet Læser',
    home: TOWN,
    om: 'læser uden at ændre',
    privileges: [has(TOWN, laeser)],
  }),
  person(6, 'opdigtet-administrator', {
    navn: 'Opdigtet Administrator',
    home: TOWN,
    level: 'High',
    om: 'NSIS Høj',
    privileges: [has(TOWN, administrator)],
  }),
  person(7, 'opdigtet-lavt-niveau', {
    navn: 'Opdigtet Lavtniveau',
    home: TOWN,
    level: 'Low',
    om: 'NSIS Lav: rollerne kræver Betydelig',
    privileges: [has(TOWN, omsorg), has(TOWN, laeser)],
  }),
  person(8, 'opdigtet-nyansat', {
    navn: 'Opdigtet Nyansat',
    home: TOWN,
    om: 'ingen jobfunktioner endnu',
    privileges: [],
  }),
  person(9, 'paafundet-vagt', {
    navn: 'Påfundet Vagt',
    home: OTHER,
    om: 'en rolle, som Eksempelkøbing har delegeret',
    privileges: [has(TOWN, vagt), has(OTHER, proevelaeser)],
  }),
  person(10, 'paafundet-laeser', {
    navn: 'Påfundet Læser',
    home: OTHER,
    om: 'læser i Prøvelev',
    privileges: [has(OTHER, proevelaeser)],
  }),
  person(11, 'paafundet-administrator', {
    navn: 'Påfundet Administrator',
    home: OTHER,
    level: 'High',
    om: 'NSIS Høj i Prøvelev',
    privileges: [has(OTHER, proeveadministrator)],
  }),
  person(12, 'paafundet-graensegaenger', {
    navn: 'Påfundet Grænsegænger',
    home: OTHER,
    om: 'påstår en rolle i Eksempelkøbing, som ikke er delegeret',
    privileges: [has(TOWN, omsorg)],
  }),
];
