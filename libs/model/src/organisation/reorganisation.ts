import { choice, define, group, instant, keyed, state, text, uuid } from '@stoettesystemer/object';

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
        ikrafttraeden: instant({ required: true, search: true, doc: 'Da ændringerne træder i kraft.' }),
      },
      { required: true },
    ),
    trin: keyed('id', 'En enkelt ændring af en enhed.', {
      id: text({ required: true, max: 50, doc: 'Nøgle, der skelner trinene fra hinanden.' }),
      handling: choice(['Opret', 'Flyt', 'Omdoeb', 'Luk'], {
        required: true,
        search: true,
        doc: 'Hvad der sker.',
      }),
      enhed: uuid({ required: true, search: true, doc: 'Enheden; for en ny enhed den UUID, den skal have.' }),
      overordnet: uuid({ search: true, doc: 'Den nye overordnede enhed, når der oprettes eller flyttes.' }),
      navn: text({ max: 200, doc: 'Det nye navn, når der oprettes eller omdøbes.' }),
      brugervendtNoegle: text({ max: 200, doc: 'Den nye nøgle, når der oprettes eller omdøbes.' }),
      enhedstype: uuid({ doc: 'Klassen, der siger, hvad slags enhed det bliver, når der oprettes.' }),
      modtager: uuid({ doc: 'Enheden, som overtager medarbejdere og opgaver, når en enhed lukkes.' }),
    }),
  },
  states: {
    status: state(['Kladde', 'Anvendt', 'Fortrudt'], { doc: 'Hvor langt planen er.' }),
  },
  relations: {},
});
