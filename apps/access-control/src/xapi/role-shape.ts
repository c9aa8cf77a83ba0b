import { isCvr, isUuid } from '@stoettesystemer/object';
import { isObject, makeShape, type Member, must } from '@stoettesystemer/server';

const nfc = (value: unknown): unknown => (typeof value === 'string' ? value.normalize('NFC') : value);
const text = (max: number, min = 1): Member['checks'] => [
  must(
    'laengde',
    `Skal være en tekst på ${min}-${max} tegn uden styretegn.`,
    (value) =>
      typeof value === 'string' &&
      [...value].length >= min &&
      [...value].length <= max &&
      !/[^\P{Cc}\t\n\r]/u.test(value),
  ),
];
const line = (max: number, min = 1): Member['checks'] => [
  ...text(max, min),
  must(
    'tegn',
    'Må ikke indeholde linjeskift.',
    (value) => typeof value === 'string' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
  ),
];
const uuid = must('uuid', 'Skal være en UUID.', isUuid);
const cvr = must('cvr', 'Skal være et CVR-nummer.', isCvr);
const receivers = must(
  'cvr',
  'Skal være CVR-numre med komma imellem.',
  (value) => typeof value === 'string' && value.split(',').every((each) => isCvr(each.trim())),
);
const version = must(
  'tal',
  'Skal være et helt tal fra 1.',
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 999_999_999,
);
const isFew = must(
  'antal',
  'Må højst være 500.',
  (value) => Array.isArray(value) && value.length <= 500 && value.every(isObject),
);
const flag = must('type', 'Skal være true eller false.', (value) => typeof value === 'boolean');

const optional = (checks: Member['checks']): Member => ({ checks, presence: 'optional', clean: nfc });
const required = (checks: Member['checks']): Member => ({ checks, presence: 'required', clean: nfc });

const Vaerdi = makeShape('XapiVaerdi', {
  navn: optional(line(500, 0)),
  vaerdi: optional(line(20_000, 0)),
  dynamisk: optional([flag]),
  dataafgraensningstypeEntityId: required(line(500)),
  dataafgraensningstypeNavn: optional(line(500, 0)),
});
const Brugersystemrolle = makeShape('XapiBrugersystemrolle', {
  brugersystemrolleUuid: required([uuid]),
  dataafgraensningsVaerdier: { checks: [isFew], presence: 'optional', many: Vaerdi },
});

/** A jobfunktionsrolle as existing tools write it. What only the server can say is passed over, or must be as it is. */
export const roleShape = makeShape('XapiJobfunktionsrolle', {
  uuid: optional([uuid]),
  navn: required(line(200)),
  entityId: required(line(500)),
  beskrivelse: optional(text(4000, 0)),
  organisationCvr: optional([cvr]),
  delegeretTilCvr: optional([receivers]),
  version: optional([version]),
  brugersystemrolleDataafgraensninger: { checks: [isFew], presence: 'required', many: Brugersystemrolle },
});
