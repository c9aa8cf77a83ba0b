import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { migrate, ObjectStore } from '@stoettesystemer/engine';
import { classificationTypes } from '@stoettesystemer/model';
import { callerOf, testDatabase } from '@stoettesystemer/testing';
import { classificationRules } from '../rules';
import { importKle } from './kle-import';

it('explain', async () => {
  const db = await testDatabase({ service: 'klassifikation', migrate, size: 10 });
  const store = new ObjectStore(db.database, { service: 'klassifikation', types: classificationTypes, rules: [], secret: randomBytes(32), pseudonymKey: createSecretKey(randomBytes(32)) });
  const caller = callerOf({ service: 'klassifikation', owner: '19435075', types: classificationTypes });
  const begin = performance.now();
  await importKle(store, { caller, transaction: randomUUID() }, createReadStream('/work/shared/data/kle/KLE-Emneplan_Version2-0_2015-08-01.xml'), { day: '2020-01-01' });
  console.log('total without rules', performance.now() - begin);
  const ex = async (text: string) => {
    const { rows } = await db.database.run({ owner: '19435075' }, { name: randomUUID(), text: 'explain (analyze, buffers) ' + text });
    console.log(rows.map((r) => Object.values(r)[0]).join('\n'));
  };
  await ex(`select owner from object where owner = any('{19435075}'::int[]) and id = '5fa51bd9-7f5b-4e4f-a8a0-2b1f6cb1d3a1'::uuid and type = 'Klasse'
        and lifecycle not in ('Passiveret', 'Slettet') order by owner <> 19435075 limit 1`);
  await ex(`select id, owner, section::text, facet, slot, value::text, about::text, valid::text from fact
        where owner = any('{19435075}'::int[]) and object_id = '5fa51bd9-7f5b-4e4f-a8a0-2b1f6cb1d3a1' and upper_inf(recorded) and facet = any('{facet}'::text[])`);
  await ex(`select distinct o.id, o.owner from term t join object o on o.owner = t.owner and o.id = t.object_id
      where t.owner = any('{19435075}'::int[]) and t.field = 12345 and t.value = 'x' and t.believed
        and o.lifecycle not in ('Passiveret', 'Slettet')`);
  await db.drop();
}, 300000);
