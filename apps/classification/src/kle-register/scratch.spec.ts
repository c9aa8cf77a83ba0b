import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { migrate, ObjectStore } from '@stoettesystemer/engine';
import { classificationTypes } from '@stoettesystemer/model';
import { callerOf, testDatabase } from '@stoettesystemer/testing';
import { Client } from 'pg';
import { classificationRules } from '../rules';
import { importKle } from './kle-import';

it('profile', async () => {
  const db = await testDatabase({ service: 'klassifikation', migrate, size: 10 });
  const admin = new Client({ connectionString: db.url });
  await admin.connect();

  const store = new ObjectStore(db.database, {
    service: 'klassifikation',
    types: classificationTypes,
    rules: classificationRules,
    secret: randomBytes(32),
    pseudonymKey: createSecretKey(randomBytes(32)),
  });
  const caller = callerOf({ service: 'klassifikation', owner: '19435075', types: classificationTypes });
  const times = new Map<string, [number, number]>();
  const proto = Object.getPrototypeOf(await db.database.transaction({ owner: null }, async (tx) => tx));
  const original = proto.batch;
  proto.batch = async function (statements: { name: string }[]) {
    const start = performance.now();
    const result = await original.call(this, statements);
    const key = statements
      .map(({ name }) => name)
      .join(',')
      .slice(0, 100);
    const [n, t] = times.get(key) ?? [0, 0];
    times.set(key, [n + 1, t + performance.now() - start]);
    return result;
  };
  let last = performance.now();
  const file = process.env['KLE_FILE'] ?? '/work/shared/data/kle/KLE-Emneplan_Version2-0_2015-08-01.xml';
  const begin = performance.now();
  await importKle(store, { caller, transaction: randomUUID() }, createReadStream(file), {
    day: '2020-01-01',
    onWritten: ({ written }) => {
      console.log(written, Math.round(performance.now() - last));
      last = performance.now();
    },
  });
  console.log('total', performance.now() - begin);
  console.log(
    [...times]
      .sort((a, b) => b[1][1] - a[1][1])
      .slice(0, 12)
      .map(([k, [n, t]]) => `${Math.round(t)} ms ${n} × ${k}`)
      .join('\n'),
  );

  await admin.end();
  await db.drop();
}, 300000);
