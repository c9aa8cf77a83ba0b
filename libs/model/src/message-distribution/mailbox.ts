import { choice, define, group, integer, state, text } from '@stoettesystemer/object';
import { belongsToSystem, itsSystem } from './its-system';

/** How the messages of a dueslag reach their receiver. */
export const DELIVERIES = ['hent', 'push', 'amqp'] as const;
export const ENVELOPES = ['cloudevents', 'xml'] as const;
export const MAILBOX_STATES = ['aktiv', 'pauset'] as const;

export const Dueslag = define({
  name: 'Dueslag',
  path: 'dueslag',
  doc: 'Et it-systems egen kø af beskeder. Hvad der kommer i den, siger dens abonnementer og systemets serviceaftale.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad dueslaget hedder, og hvordan dets beskeder når frem.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 100,
          doc: 'Navnet, som systemet kender det ved.',
        }),
        navn: text({ search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        levering: choice(DELIVERIES, {
          required: true,
          search: true,
          doc: 'hent: systemet henter selv. push: beskederne sendes til modtager. amqp: de lægges i en kø i RabbitMQ.',
        }),
        modtager: text({
          max: 500,
          pattern: 'https?://.+',
          doc: 'Adressen, som beskederne sendes til; kun ved push. https, port 443 eller 8443, og et navn på det åbne net.',
        }),
        kuvert: choice(ENVELOPES, {
          search: true,
          doc: 'cloudevents, når intet er sagt; xml: KOMBITs Hændelsesbesked.',
        }),
        alarmMinutter: integer({
          min: 1,
          max: 43_200,
          doc: 'Så gammel må den ældste ventende besked blive, før der slås alarm.',
        }),
      },
      { required: true },
    ),
  },
  states: {
    tilstand: state(MAILBOX_STATES, {
      doc: 'Et dueslag på pause samler beskeder, men afleverer dem ikke. aktiv, når intet er sagt.',
    }),
  },
  relations: { anvendersystem: itsSystem },
  access: belongsToSystem,
});
