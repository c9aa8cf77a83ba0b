import {
  boolean,
  choice,
  define,
  group,
  integer,
  keyed,
  many,
  one,
  state,
  text,
} from '@stoettesystemer/object';
import { restrictionValue } from './role-parts';

/** A draft is the vendor's alone; `Godkendt` is approved for a day that has not come, `Aktiv` is in force. */
export const AGREEMENT_STATES = [
  'Kladde',
  'Anmodet',
  'Afvist',
  'Trukket',
  'Godkendt',
  'Aktiv',
  'Ophaevet',
  'Udloebet',
] as const;

const role = {
  id: text({ required: true, max: 100, doc: 'Nøgle, der skelner rollerne fra hinanden.' }),
  servicesystemrolle: text({
    required: true,
    search: true,
    max: 36,
    doc: 'UUID på servicesystemrollen, som systemet får.',
  }),
};

export const Serviceaftale = define({
  name: 'Serviceaftale',
  path: 'serviceaftaler',
  doc:
    'En myndigheds ja til, at et anvendersystem kalder bestemte services på dens vegne, med bestemte roller og ' +
    'afgrænsninger. Myndigheden er dataansvarlig og ejer aftalen; leverandøren beder om den.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad aftalen hedder, og hvorfor den er der.',
      {
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        formaal: text({
          required: true,
          prose: 'C',
          max: 4000,
          multiline: true,
          doc: 'Hvad data bruges til, i ord, som den, der godkender, forstår.',
        }),
        hjemmel: text({ max: 1000, multiline: true, doc: 'Den regel, som behandlingen bygger på.' }),
        aftaletype: choice(['Produktion', 'Test'], {
          required: true,
          search: true,
          doc: 'En testaftale kræver ingen godkendelse og gælder kun i testmiljøer.',
        }),
        videregivelse: boolean({ doc: 'Om data gives videre til andre end kommunens databehandlere.' }),
        leverandoerCvr: text({
          required: true,
          search: true,
          max: 8,
          pattern: '[1-9]\\d{7}',
          doc: 'CVR-nummeret på den organisation, der beder om aftalen.',
        }),
        version: integer({ min: 1, doc: 'Den gældende version; den første er 1.' }),
      },
      { required: true },
    ),
    rolle: keyed('id', 'En rolle, som aftalen giver, i den tid den gælder.', role),
    afgraensning: keyed('id', 'De data, som en rolle er afgrænset til.', restrictionValue('aftalen', false)),
    anmodning: group('En ny version, som der er bedt om; den gamle gælder, til den nye er godkendt.', {
      version: integer({ required: true, search: true, min: 1, doc: 'Den version, der er bedt om.' }),
      gyldigFra: text({
        max: 35,
        doc: 'Tidspunktet, som versionen skal gælde fra; straks, når det ikke er sagt.',
      }),
      gyldigTil: text({ max: 35, doc: 'Tidspunktet, som aftalen ender; uden ende, når det ikke er sagt.' }),
      begrundelse: text({ max: 4000, multiline: true, doc: 'Hvorfor der er bedt om den.' }),
      af: text({
        max: 200,
        doc: 'UUID på den bruger eller det it-system, der har bedt om den; hvor der skal to til, godkender en anden.',
      }),
    }),
    anmodetRolle: keyed('id', 'En rolle i den version, der er bedt om.', role),
    anmodetAfgraensning: keyed(
      'id',
      'En afgrænsning i den version, der er bedt om.',
      restrictionValue('anmodningen', false),
    ),
  },
  states: {
    status: state(AGREEMENT_STATES, { doc: 'Hvor langt aftalen er.', required: true }),
  },
  relations: {
    anvendersystem: one('ItSystem', {
      required: true,
      search: true,
      doc: 'It-systemet, der får adgangen.',
    }),
    service: many('Service', { search: true, doc: 'De services, som aftalen rækker til.' }),
  },
  access: { organisation: { facet: 'egenskaber', field: 'leverandoerCvr' } },
});
