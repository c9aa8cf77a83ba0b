import { Client } from 'pg';
import { testDatabase } from './test-database';

const ask = async (url: string | undefined, text: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

let migrations = 0;
const migrate = async (url: string): Promise<void> => {
  migrations++;
  await ask(url, 'create table item (id int); grant select, insert on item to stoette_app');
};
const context = { owner: '11111111' };
const insert = { name: 'insert', text: 'insert into item values (1)' };
const count = { name: 'count', text: 'select count(*) from item' };

describe('testDatabase', () => {
  it('migrates once for all who ask, and gives each a database of its own', async () => {
    const all = await Promise.all([1, 2, 3].map(() => testDatabase({ service: 'spec', migrate })));
    expect(migrations).toBe(1);
    expect(new Set(all.map(({ url }) => url)).size).toBe(3);
    const [one, two] = all;
    await one?.database.run(context, insert);
    expect((await one?.database.run(context, count))?.rows).toEqual([{ count: 1 }]);
    expect((await two?.database.run(context, count))?.rows).toEqual([{ count: 0 }]);
    const who = { name: 'who', text: 'select current_user::text as name' };
    expect((await two?.database.run(context, who))?.rows).toEqual([{ name: 'stoette_app' }]);
    await Promise.all(all.map(({ drop }) => drop()));
    await expect(ask(one?.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('leaves no template behind when the migration fails', async () => {
    let fails = true;
    const brittle = async (url: string): Promise<void> => {
      await ask(url, 'create table half ()');
      if (fails) throw new Error('half-way');
      await ask(url, 'create table whole ()');
    };
    await expect(testDatabase({ service: 'spec', migrate: brittle })).rejects.toThrow('half-way');
    fails = false;
    const { url, drop } = await testDatabase({ service: 'spec', migrate: brittle });
    expect(await ask(url, 'select * from half, whole')).toEqual([]);
    await drop();
  });
});
