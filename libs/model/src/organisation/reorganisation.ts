import { choice, define, group, instant, keyed, state, text, texts, uuid } from '@stoettesystemer/object';

/** How far a plan has come. What has been undone is made anew as another plan. */
export const REORGANISATION_STATES = ['Kladde', 'Anvendt', 'Fortrudt'] as const;

export const Omorganisering = define({
  name: 'Omorganisering',
  path: 'omorganiseringer',
  doc:
    'En plan for, hvordan enheder flyttes, omdøbes, lukkes og oprettes fra en dag. Planen ændrer intet, før den ' +
    'anvendes, og kan fortrydes, til den træder i kraft.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad planen går ud på.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        beskrivelse: text({ prose: 'C', max: 4000, multiline: true, doc: 'Hvad der skal ske, og hvorfor.' }),
        ikrafttraeden: instant({
          required: true,
          search: true,
          doc: 'Da den første ændring træder i kraft. Trin uden fra træder i kraft da.',
        }),
      },
      { required: true },
    ),
    trin: keyed(
      'id',
      'En enkelt ændring. Trinene tages i tidens orden; på samme tidspunkt oprettes, flyttes og overføres der, ' +
        'før der omdøbes og lukkes.',
      {
        id: text({ required: true, max: 50, doc: 'Nøgle, der skelner trinene fra hinanden.' }),
        handling: choice(['Opret', 'Flyt', 'Overfoer', 'Omdoeb', 'Luk'], {
          required: true,
          search: true,
          doc: 'Hvad der sker. Overfoer giver en enkelt funktion, fx en ansættelse, en anden enhed.',
        }),
        enhed: uuid({
          required: true,
          search: true,
          doc: 'Enheden; for en ny enhed den UUID, den skal have; ved Overfoer den, som funktionen forlader.',
        }),
        fra: instant({
          doc: 'Da trinnet træder i kraft, når det er senere end planens ikrafttræden.',
        }),
        overordnet: uuid({ search: true, doc: 'Den nye overordnede enhed, når der oprettes eller flyttes.' }),
        navn: text({ max: 200, doc: 'Det nye navn, når der oprettes eller omdøbes.' }),
        brugervendtNoegle: text({
          max: 200,
          doc: 'Den nye nøgle, når der oprettes eller omdøbes; en ny enhed uden får sit navn som nøgle.',
        }),
        enhedstype: uuid({ doc: 'Klassen, der siger, hvad slags enhed det bliver, når der oprettes.' }),
        funktion: uuid({ search: true, doc: 'Funktionen, der overføres.' }),
        modtager: uuid({
          search: true,
          doc:
            'Enheden, som tager over: alt, der peger på en enhed, der lukkes, peger derefter på den; ved Overfoer ' +
            'funktionens nye enhed.',
        }),
        opgavemodtager: uuid({
          search: true,
          doc: 'Enheden, som får opgaverne, når en enhed lukkes, og det ikke er modtageren.',
        }),
      },
    ),
    registreret: keyed('id', 'Hvad planen blev til, da den blev anvendt. Skrives af tjenesten.', {
      id: text({ required: true, max: 10, doc: 'Nummeret på listen.' }),
      objekter: texts({
        max: 200,
        doc: 'Registreringernes adresser, fx organisationenheder/{uuid}/registreringer/4.',
      }),
    }),
  },
  states: {
    status: state(REORGANISATION_STATES, {
      doc: 'Hvor langt planen er; en plan uden er en kladde. Kun kommandoerne anvend og fortryd ændrer den.',
    }),
  },
  relations: {},
});
