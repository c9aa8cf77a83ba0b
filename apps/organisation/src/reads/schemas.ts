import { closed, listOf, orNull, ref, type Schema } from '@stoettesystemer/server';

const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const COUNT: Schema = { type: 'integer', minimum: 0 };

/** Every member is always there. */
const whole = (members: Readonly<Record<string, Schema>>, more: Schema = {}): Schema =>
  closed(members, Object.keys(members), more);

const NAMED = { uuid: UUID, brugervendtNoegle: orNull(TEXT), navn: orNull(TEXT) };
const TASKS = listOf(ref('Enhedsopgave'));
const MEMBER = {
  funktion: UUID,
  funktionstype: orNull(TEXT),
  titel: orNull(TEXT),
  fra: orNull(INSTANT),
  til: orNull(INSTANT),
  bruger: orNull(ref('NavngivenBruger')),
};
const FIELDS = {
  brugervendtNoegle: TEXT,
  navn: TEXT,
  enhedstype: orNull(TEXT),
  overordnet: orNull(TEXT),
};
const FUNCTION = { funktion: UUID, navn: orNull(TEXT), enhed: orNull(ref('NavngivenEnhed')) };
const UNIT_NAME = whole({ navn: TEXT, brugervendtNoegle: TEXT });
const PLACE = whole({
  funktion: UUID,
  bruger: orNull(TEXT),
  funktionstype: orNull(TEXT),
  titel: orNull(TEXT),
});

const change = (kinds: readonly string[], members: Readonly<Record<string, Schema>>): Schema =>
  whole({ slags: { enum: kinds }, enhed: ref('NavngivenEnhed'), ...members });

export const readsSchemas: Readonly<Record<string, Schema>> = {
  NavngivenEnhed: whole(NAMED),
  NavngivenBruger: whole({ uuid: TEXT, brugerNavn: orNull(TEXT), person: orNull(UUID), navn: orNull(TEXT) }),
  Oplysningsadvarsel: whole({ sti: TEXT, kode: TEXT, besked: TEXT }),
  Enhedsopgave: whole({ rolle: TEXT, klasse: TEXT, kleNummer: orNull(TEXT) }),
  Traeenhed: closed(
    {
      uuid: UUID,
      ...FIELDS,
      niveau: { type: 'integer', minimum: 1 },
      antalUnderordnede: COUNT,
      antalMedlemmer: orNull(COUNT),
      antalMedlemmerIAlt: orNull(COUNT),
      underordnede: listOf(ref('Traeenhed')),
    },
    ['uuid', ...Object.keys(FIELDS), 'niveau', 'antalUnderordnede', 'antalMedlemmer', 'antalMedlemmerIAlt'],
  ),
  Medlem: whole(MEMBER),
  Enhedsoverblik: whole({
    enhed: whole({ uuid: UUID, ...FIELDS }),
    over: listOf(ref('NavngivenEnhed')),
    under: listOf(whole({ ...NAMED, antalMedlemmer: orNull(COUNT) })),
    ledelse: orNull(
      whole({ enhed: ref('NavngivenEnhed'), egen: { type: 'boolean' }, ledere: listOf(ref('Medlem')) }),
    ),
    antalMedlemmer: orNull(COUNT),
    medlemmer: whole({ data: listOf(ref('Medlem')), naeste: orNull(TEXT) }),
    adresser: listOf(
      whole({ rolle: orNull(TEXT), indeks: orNull(TEXT), adresse: TEXT, tekst: orNull(TEXT) }),
    ),
    opgaver: TASKS,
    henvendelsessteder: listOf(whole({ ...FUNCTION, opgaver: TASKS })),
    udbetalendeEnheder: listOf(whole(FUNCTION)),
    itSystemer: listOf(whole({ uuid: TEXT, navn: orNull(TEXT), funktion: orNull(UUID) })),
    advarsler: listOf(ref('Oplysningsadvarsel')),
  }),
  Post: whole({
    ...MEMBER,
    enhed: orNull(whole({ ...NAMED, uuid: TEXT })),
  }),
  Postsoegning: closed(
    {
      bruger: UUID,
      person: UUID,
      cprNummer: { type: 'string', pattern: '^\\d{10}$' },
      limit: { type: 'integer', minimum: 1, maximum: 500 },
      cursor: orNull(TEXT),
    },
    [],
    {
      description: 'Netop én af bruger, person og cprNummer.',
      oneOf: ['bruger', 'person', 'cprNummer'].map((name) => ({ required: [name] })),
    },
  ),
  Opgaveansvar: whole({
    enhed: ref('NavngivenEnhed'),
    opgave: ref('Enhedsopgave'),
    match: { enum: ['Netop', 'Overordnet', 'Underordnet'] },
  }),
  Enhedsaendring: {
    oneOf: [
      change(['Oprettet'], { nu: whole(FIELDS) }),
      change(['Omdoebt'], { foer: UNIT_NAME, nu: UNIT_NAME }),
      change(['TypeAendret'], { foer: orNull(TEXT), nu: orNull(TEXT) }),
      change(['Flyttet'], {
        foer: orNull(whole({ ...NAMED, uuid: TEXT })),
        nu: orNull(whole({ ...NAMED, uuid: TEXT })),
      }),
      change(['OpgaveFjernet', 'OpgaveTilfoejet'], { opgave: ref('Enhedsopgave') }),
      change(['MedlemFjernet', 'MedlemTilfoejet'], { medlem: PLACE }),
      change(['MedlemAendret'], { foer: PLACE, nu: PLACE }),
      change(['Lukket'], { foer: whole(FIELDS) }),
    ],
  },
};
