import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { migrate, ObjectStore } from '@stoettesystemer/engine';
import { classificationTypes, Klasse } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import { callerOf, testDatabase } from '@stoettesystemer/testing';
import { classificationRules } from '../rules';
import { importKle } from './kle-import';

it('again', async () => {
  const db = await testDatabase({ service: 'klassifikation', migrate, size: 10 });
  const store = new ObjectStore(db.database, {
    service: 'klassifikation',
    types: classificationTypes,
    rules: classificationRules,
    secret: randomBytes(32),
    pseudonymKey: createSecretKey(randomBytes(32)),
  });
  const caller = callerOf({ service: 'klassifikation', owner: '19435075', types: classificationTypes });
  const ask = { caller, transaction: randomUUID() };
  const run = () =>
    importKle(store, ask, createReadStream('/work/shared/data/kle/KLE-Emneplan_Version2-0_2015-08-01.xml'), {
      day: '2020-01-01',
    });
  await run();
  let t = performance.now();
  const again = await run();
  console.log(
    'again',
    performance.now() - t,
    JSON.stringify(again.aendrede.map(({ nr, felter }) => ({ nr, felter }))).slice(0, 3000),
  );
  for (const tekst of ['skolebuss', 'skolebus', 'folkeskole', 'kontanthjælp', 'byggetilladelser']) {
    for (let i = 0; i < 2; i++) {
      t = performance.now();
      const page = await store.search(
        ask,
        Klasse,
        {
          udtryk: { felt: 'tekst', lig: tekst },
          sorter: [],
          vis: ['egenskaber'],
          limit: 5,
          cursor: null,
          antal: false,
        },
        { virkning: { at: now() }, registrering: 'nu' },
      );
      if (i)
        console.log(
          tekst,
          Math.round(performance.now() - t),
          page.data.map((d) => {
            const e = JSON.parse(d).attributter.egenskaber[0];
            return `${e.brugervendtNoegle} ${e.titel}`;
          }),
        );
    }
  }
  await db.drop();
}, 300000);
