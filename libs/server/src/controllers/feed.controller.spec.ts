import { type Got, running, type Running, ship } from '../spec/running';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const PATH = '/havn/v1/haendelser';
interface Event {
  readonly subject: string;
  readonly sequence: string;
  readonly objekthandling: string;
  readonly data: { readonly dataref: string };
}
async function read(query: string): Promise<Got & { events: Event[] }> {
  const got = await service.send(`${PATH}${query}`);
  expect(service.faults('GET', PATH, got)).toEqual([]);
  return { ...got, events: got.status === 200 ? (got.json as Event[]) : [] };
}
const make = async (): Promise<string> => {
  const { json } = await service.send('/havn/v1/skibe', { method: 'POST', body: ship() });
  return (json as { uuid: string }).uuid;
};

test('a change is an event, which leads to the object as the change left it', async () => {
  const uuid = await make();
  const { events, headers } = await read('?efter=0&vent=25');
  expect(headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
  expect(events).toMatchObject([{ subject: uuid, objekthandling: 'opstaaet' }]);
  const { json } = await service.send(events[0]!.data.dataref);
  expect(json).toMatchObject({ uuid, registrering: { nummer: 1 } });
});

test('a long poll ends with the next event; the link goes on from there, to an empty end', async () => {
  const state = (await service.send(`${PATH}/tilstand`)).json as { epoke: string; sidste: number };
  expect(service.faults('GET', `${PATH}/tilstand`, await service.send(`${PATH}/tilstand`))).toEqual([]);
  const waiting = read(`?efter=${state.sidste}&vent=25&epoke=${state.epoke}`);
  const uuid = await make();
  const { events, headers } = await waiting;
  expect(events.map(({ subject }) => subject)).toEqual([uuid]);
  const next = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1] ?? '';
  expect(new URLSearchParams(next.split('?')[1]).get('epoke')).toBe(state.epoke);
  expect((await service.send(next.replace('vent=25', 'vent=0'))).json).toEqual([]);
});

test.each([
  ['?efter=-1', 400],
  ['?efter=x', 400],
  ['?limit=0', 400],
  ['?limit=501', 400],
  ['?vent=26', 400],
  ['?type=Ubaad', 400],
  ['?type=', 400],
  ['?epoke=x', 400],
  ['?epoke=6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d', 409],
  ['?efter=999999', 409],
  ['?efter=0&efter=1', 400],
])('%s is %d', async (query, status) => {
  expect((await read(query)).status).toBe(status);
});

test('of one type only', async () => {
  expect((await read('?efter=0&type=Boeje')).events).toEqual([]);
  expect((await read('?efter=0&type=Boeje,Skib&limit=1')).events).toHaveLength(1);
});

test('one who does not take events is told that there is nothing else', async () => {
  expect((await service.send(PATH, { headers: { accept: 'application/json' } })).status).toBe(406);
});
