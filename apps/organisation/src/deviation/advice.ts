import { fieldCode } from '@stoettesystemer/engine';
import {
  Bruger,
  Interessefaellesskab,
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  OrganisationItSystem,
  FUNCTION_TYPES,
  UNIT_ADDRESS_ROLES,
} from '@stoettesystemer/model';
import type { Law } from '../rules/law';
import type { Judgement } from '../rules/organisation-rule';
import type { Registered } from '../rules/registered';

const TIES = [
  'tilknyttedeBrugere',
  'tilknyttedeEnheder',
  'tilknyttedeFunktioner',
  'tilknyttedeInteressefaellesskaber',
  'tilknyttedeOrganisationer',
  'tilknyttedePersoner',
  'tilknyttedeItSystemer',
] as const;
const tiesBut = (...used: readonly (typeof TIES)[number][]) => TIES.filter((tie) => !used.includes(tie));

/** The relations that the standard has and its guidance advises against. */
const RELATIONS: Readonly<Record<string, readonly string[]>> = {
  [Organisation.name]: [
    'adresser',
    'ansatte',
    'branche',
    'organisationstype',
    'myndighedstype',
    'virksomhedstype',
    'opgaver',
    'produktionsenhed',
    'skatteenhed',
    ...tiesBut('tilknyttedeOrganisationer', 'tilknyttedeItSystemer'),
  ],
  [OrganisationEnhed.name]: [
    'ansatte',
    'branche',
    'produktionsenhed',
    'skatteenhed',
    ...tiesBut('tilknyttedeFunktioner', 'tilknyttedeItSystemer'),
  ],
  [OrganisationFunktion.name]: [
    'tilknyttedeInteressefaellesskaber',
    'tilknyttedePersoner',
    'tilknyttedeFunktioner',
  ],
  [Bruger.name]: ['opgaver', ...tiesBut('tilknyttedePersoner')],
  [OrganisationItSystem.name]: ['opgaver', ...TIES],
  [Interessefaellesskab.name]: ['tilknyttedeInteressefaellesskaber'],
};

/** The attributes that nobody is to use. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  [Bruger.name]: ['brugerType'],
  [OrganisationItSystem.name]: ['itSystemType', 'konfigurationReference'],
  [Interessefaellesskab.name]: ['interessefaellesskabType'],
};

const advice = (kode: string, regel: Law['regel'], sti: string, besked: string): Law => ({
  kode,
  regel,
  niveau: 'raad',
  sti,
  besked,
});

const eachOf = (table: Readonly<Record<string, readonly string[]>>): [type: string, name: string][] =>
  Object.entries(table).flatMap(([type, names]) => names.map((name): [string, string] => [type, name]));
const namesIn = (table: Readonly<Record<string, readonly string[]>>): string[] => [
  ...new Set(eachOf(table).map(([, name]) => name)),
];

const unusedRelations: Judgement = {
  laws: namesIn(RELATIONS).map((name) =>
    advice(`raad_relation_${name}`, null, `/relationer/${name}`, `Relationen ${name} bør ikke bruges her.`),
  ),
  deviations: (registered) =>
    `select distinct unused.kode, o.id, null::uuid
      from (values ${eachOf(RELATIONS)
        .map(([type, name]) => `('raad_relation_${name}', ${fieldCode(type, name)})`)
        .join(', ')}) unused (kode, field)
      join term t on t.owner = ${registered.owner} and t.field = unused.field and t.believed
      join fact f on f.owner = t.owner and f.id = t.fact and f.valid @> ${registered.moment}
      join object o on o.owner = t.owner and o.id = t.object_id and ${registered.isLive('o')}`,
};

const unusedAttributes: Judgement = {
  laws: namesIn(ATTRIBUTES).map((name) =>
    advice(
      `raad_attribut_${name}`,
      null,
      `/attributter/egenskaber/0/${name}`,
      `Feltet ${name} bør ikke bruges.`,
    ),
  ),
  deviations: (registered) =>
    eachOf(ATTRIBUTES)
      .map(
        ([type, name]) =>
          `select 'raad_attribut_${name}', o.id, null::uuid from ${registered.own(type)}
            and exists (select from ${registered.facts('o', 'egenskaber')} and f.value->>'${name}' is not null)`,
      )
      .join(' union all '),
};

const TOP: Law = advice(
  'raad_oeverste',
  '1',
  '/relationer/overordnet',
  'En organisation med enheder bør pege på sin øverste enhed.',
);
/** At none, or at one that is not there. */
const pointing: Judgement = {
  laws: [TOP],
  deviations: (registered) =>
    `select '${TOP.kode}', o.id, ${registered.target('o', 'overordnet')} from ${registered.own(Organisation.name)}
      and ${registered.isActive('o')} and exists (select from term t where t.owner = ${registered.owner}
        and t.field = ${fieldCode(OrganisationEnhed.name, 'tilhoerer')} and t.value = o.id::text and t.believed)
      and not exists (select from object top where top.owner = any(${registered.owners}) and ${registered.isLive('top')}
        and top.id = ${registered.target('o', 'overordnet')})`,
};

/** An active object of the type says nothing in a facet. */
const lacking = (type: string, facet: string, law: Law) => ({
  laws: [law],
  deviations: (registered: Registered) =>
    `select '${law.kode}', o.id, null::uuid from ${registered.own(type)} and ${registered.isActive('o')}
      and not ${registered.says('o', facet)}`,
});

const PAYING: Law = advice(
  'raad_los_adresse',
  '3',
  '/relationer/adresser',
  'En udbetalende enhed bør have en adresse med rollen LosKortNavn.',
);
const paying: Judgement = {
  laws: [PAYING],
  deviations: (registered) =>
    `select distinct '${PAYING.kode}', u.id, p.id from term t
      join object p on p.owner = t.owner and p.id = t.object_id and ${registered.isLive('p')} and ${registered.isActive('p')}
      join fact f on f.owner = t.owner and f.id = t.fact and f.valid @> ${registered.moment}
      join fact l on l.owner = p.owner and l.object_id = p.id and l.facet = 'tilknyttedeEnheder' and ${registered.holds('l')}
      join object u on u.owner = p.owner and u.id = (l.value->'reference'->>'uuid')::uuid and ${registered.isLive('u')}
      where t.owner = ${registered.owner} and t.field = ${fieldCode(OrganisationFunktion.name, 'funktionstype')}
        and t.value = '${FUNCTION_TYPES.udbetalendeEnhed}' and t.believed
        and not exists (select from ${registered.facts('u', 'adresser', 'a')}
          and a.value->>'rolle' = '${UNIT_ADDRESS_ROLES.LosKortNavn}')`,
};

const NUMBERED: Law = advice(
  'raad_klenummer',
  '5',
  '/relationer/opgaver',
  'En opgave uden kleNummer findes ikke ved opslag på emner.',
);
const numbered: Judgement = {
  laws: [NUMBERED],
  deviations: (registered) =>
    `select distinct '${NUMBERED.kode}', o.id, null::uuid from term t
      join fact f on f.owner = t.owner and f.id = t.fact and f.valid @> ${registered.moment} and f.value->>'kleNummer' is null
      join object o on o.owner = t.owner and o.id = t.object_id and ${registered.isLive('o')}
      where t.owner = ${registered.owner} and t.believed
        and t.field in (${fieldCode(OrganisationEnhed.name, 'opgaver')}, ${fieldCode(OrganisationFunktion.name, 'opgaver')})`,
};

/** What the guidance advises for or against: taken from everybody, and told of to those who ask. */
export const ADVICE: readonly Judgement[] = [
  unusedRelations,
  unusedAttributes,
  pointing,
  lacking(
    Organisation.name,
    'virksomhed',
    advice('raad_virksomhed', '1', '/relationer/virksomhed', 'En organisation bør pege på sin virksomhed.'),
  ),
  lacking(
    Bruger.name,
    'tilhoerer',
    advice('raad_bruger', null, '/relationer/tilhoerer', 'En bruger bør høre til en organisation.'),
  ),
  paying,
  numbered,
];
