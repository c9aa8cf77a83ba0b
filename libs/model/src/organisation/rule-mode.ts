import { choice, define, group, text } from '@stoettesystemer/object';

/** Its UUID is the it-system's, so that the rules find it without a search. */
export const Regeltilstand = define({
  name: 'Regeltilstand',
  path: 'regeltilstande',
  doc:
    'Hvor strengt reglerne for Organisation tages, når et it-system skriver. UUID er it-systemets. ' +
    'Et system uden en regeltilstand skriver strengt.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvordan systemet skriver.',
      {
        tilstand: choice(['streng', 'tolerant'], {
          required: true,
          search: true,
          doc: 'streng: brud på en regel afvises. tolerant: de skrives, og afvigelserne kan ses i /v1/afvigelser.',
        }),
        begrundelse: text({ required: true, max: 1000, multiline: true, doc: 'Hvorfor det er valgt.' }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
