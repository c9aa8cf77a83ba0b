import { isCvr, isUuid, parseInstant } from '@stoettesystemer/object';
import { isObject, makeShape, must, type Member } from '@stoettesystemer/server';
import { NSIS_LEVELS, type NsisLevel } from './question';

/** A question as it stands in a request. */
export interface ExplanationBody {
  readonly system: string;
  /** Prefix, or entityId. */
  readonly service: string;
  readonly handling: string;
  readonly objekt?: {
    readonly ejer?: string;
    readonly kle?: readonly string[];
    readonly foelsomhed?: readonly string[];
    readonly orgenhed?: readonly string[];
    readonly itsystem?: readonly string[];
    readonly organisation?: readonly string[];
    readonly beskedtype?: readonly string[];
    readonly afsendermyndighed?: readonly string[];
    readonly modtagermyndighed?: readonly string[];
  } | null;
  readonly bruger?: {
    readonly idp: string;
    readonly hjemme?: string;
    readonly nsisNiveau: NsisLevel;
    readonly jobfunktioner: readonly {
      readonly entityId: string;
      readonly myndighed?: string;
      readonly dynamisk?: readonly {
        readonly dataafgraensningstype: string;
        readonly vaerdier: readonly string[];
      }[];
    }[];
  } | null;
  readonly virkningstid?: string | null;
  readonly registreringstid?: string | null;
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 500 && !value.includes('\0');
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= 100 && value.every(isText);

const member = (
  presence: Member['presence'],
  kode: string,
  besked: string,
  holds: (value: unknown) => boolean,
): Member => ({ presence, checks: [must(kode, besked, holds)] });
const text = (presence: Member['presence']) =>
  member(presence, 'type', 'Skal være en tekst på højst 500 tegn.', isText);
const texts = (presence: Member['presence']) =>
  member(presence, 'type', 'Skal være en liste af tekster.', isTexts);
const cvr = (presence: Member['presence']) => member(presence, 'cvr', 'Skal være et CVR-nummer.', isCvr);
const uuid = (presence: Member['presence']) => member(presence, 'uuid', 'Skal være en UUID.', isUuid);
const instant = member(
  'optional',
  'tidspunkt',
  'Skal være et tidspunkt med tidszone.',
  (value) => typeof value === 'string' && parseInstant(value) !== null,
);

const dynamic = makeShape('DynamiskVaerdi', {
  dataafgraensningstype: text('required'),
  vaerdier: texts('required'),
});
const jobFunction = makeShape('SagtJobfunktion', {
  entityId: text('required'),
  myndighed: cvr('optional'),
  dynamisk: { presence: 'optional', checks: [], many: dynamic },
});
const user = makeShape('SpoergendeBruger', {
  idp: uuid('required'),
  hjemme: cvr('optional'),
  nsisNiveau: member('required', 'vaerdi', `Skal være en af ${NSIS_LEVELS.join(', ')}.`, (value) =>
    (NSIS_LEVELS as readonly unknown[]).includes(value),
  ),
  jobfunktioner: { presence: 'required', checks: [], many: jobFunction },
});
const object = makeShape('BeskrevetObjekt', {
  ejer: cvr('optional'),
  kle: texts('optional'),
  foelsomhed: texts('optional'),
  orgenhed: texts('optional'),
  itsystem: texts('optional'),
  organisation: texts('optional'),
  beskedtype: texts('optional'),
  afsendermyndighed: texts('optional'),
  modtagermyndighed: texts('optional'),
});

export const explanationShape = makeShape('Forklaringsspoergsmaal', {
  system: uuid('required'),
  service: text('required'),
  handling: member(
    'required',
    'moenster',
    'Skal være et privilegium som klasse:laes.',
    (value) => typeof value === 'string' && /^[a-z0-9-]{1,60}:[a-z0-9-]{1,60}$/.test(value),
  ),
  objekt: { presence: 'optional', checks: [must('type', 'Skal være et objekt.', isObject)], one: object },
  bruger: { presence: 'optional', checks: [must('type', 'Skal være et objekt.', isObject)], one: user },
  virkningstid: instant,
  registreringstid: instant,
});
