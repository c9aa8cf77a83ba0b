import { boolean, group, keyed, text, texts } from '@stoettesystemer/object';

/** What every system role says of itself. */
export const roleProperties = (privileges: string) =>
  group(
    'Hvad rollen hedder, og hvad den giver ret til.',
    {
      navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
      beskrivelse: text({
        prose: 'C',
        max: 4000,
        multiline: true,
        doc: 'Hvad man kan med rollen, i ord, som den, der giver den, forstår.',
      }),
      entityId: text({ required: true, search: true, max: 500, doc: 'Rollens navn mellem systemer.' }),
      privilegier: texts({ max: 125, pattern: '[a-z0-9-]{1,60}:[a-z0-9-]{1,60}', doc: privileges }),
      organisationCvr: text({
        required: true,
        search: true,
        max: 8,
        pattern: '[1-9]\\d{7}',
        doc: 'CVR-nummeret på den organisation, der har defineret rollen.',
      }),
    },
    { required: true },
  );

/** Which restrictions a role can carry, and which it must. */
export const roleRestrictions = keyed(
  'dataafgraensningstype',
  'De dataafgrænsninger, som rollen kan bære, hver med sin tid.',
  {
    dataafgraensningstype: text({
      required: true,
      search: true,
      max: 500,
      doc: 'Dataafgrænsningstypens entityId.',
    }),
    kraevet: boolean({ doc: 'Om rollen kun gælder, når afgrænsningen er udfyldt.' }),
  },
);

/** The value of one restriction of one role; `*` says all. */
export const restrictionValue = (of: string, dynamic: boolean) => ({
  id: text({ required: true, max: 100, doc: 'Nøgle, der skelner afgrænsningerne fra hinanden.' }),
  rolleId: text({ required: true, max: 100, doc: `Id på den rolle i ${of}, som afgrænsningen gælder.` }),
  dataafgraensningstype: text({
    required: true,
    search: true,
    max: 500,
    doc: 'Dataafgrænsningstypens entityId.',
  }),
  vaerdier: texts({ search: true, max: 500, doc: 'Værdierne; * er alle.' }),
  ...(dynamic
    ? {
        dynamisk: boolean({
          doc: 'Værdien kommer fra myndighedens IdP, når brugeren logger ind.',
        }),
        parameter: text({
          max: 500,
          doc: 'Navnet, som IdP’en sender en dynamisk værdi under; typens entityId, når intet er sagt.',
        }),
      }
    : {}),
});
