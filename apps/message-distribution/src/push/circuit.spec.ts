import fc from 'fast-check';
import { Circuit, CIRCUIT } from './circuit';

const MOST = 16;
let clock = 0;
const circuit = () => new Circuit({ now: () => clock, random: () => 0.5 });
const fail = (it: Circuit, subject: string, putOff: number | null = null) =>
  it.enter()!.failed(subject, putOff);
const failMany = (it: Circuit) => {
  for (let at = 0; at < CIRCUIT.subjects; at++) fail(it, `${at}`);
};

test('one subject that always fails says nothing of the receiver', () => {
  const it = circuit();
  for (let turn = 0; turn < 100; turn++) fail(it, 'x');
  expect(it.room(MOST)).toBe(MOST);
});

test('many that fail, and none that goes well, mean that it is down: one is tried at a time, ever more seldom', () => {
  const it = circuit();
  failMany(it);
  const waits = [];
  for (let turn = 0; turn < 9; turn++) {
    expect([it.room(MOST), it.enter(), it.isDown]).toEqual([0, null, true]);
    let ms = 0;
    for (; it.room(MOST) === 0; ms += 500) clock += 500;
    waits.push(ms / 1000);
    const probe = it.enter()!;
    expect([it.room(MOST), it.enter()]).toEqual([0, null]);
    probe.failed('y', null);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  clock += CIRCUIT.longest;
  it.enter()!.succeeded();
  expect([it.room(MOST), it.isDown]).toEqual([MOST, false]);
});

test('those that were under way when it went down are not counted again', () => {
  const it = circuit();
  const underWay = Array.from({ length: 4 * CIRCUIT.subjects }, () => it.enter()!);
  for (const [at, passage] of underWay.entries()) passage.failed(`${at}`, null);
  clock += CIRCUIT.first;
  expect(it.room(MOST)).toBe(1);
});

test('one that asks to be left alone is, also when something else had just gone well', () => {
  const it = circuit();
  const underWay = it.enter()!;
  fail(it, 'x', 30_000);
  underWay.succeeded();
  clock += 29_999;
  expect(it.room(MOST)).toBe(0);
  clock += 1;
  expect(it.room(MOST)).toBe(1);
  it.enter()!.succeeded();
  expect(it.room(MOST)).toBe(MOST);
});

test('a try that we ended ourselves is no answer, and another is made', () => {
  const it = circuit();
  failMany(it);
  clock += CIRCUIT.first;
  it.enter()!.cutOff();
  expect(it.room(MOST)).toBe(1);
});

test('whatever comes: while it is down never two at a time, and never stuck', () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 70_000 }),
    how: fc.constantFrom('ok', 'fail', 'later', 'cut', 'hold'),
    subject: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const it = circuit();
      const held: ReturnType<Circuit['enter']>[] = [];
      for (const { ms, how, subject } of steps) {
        clock += ms;
        const wasDown = it.isDown;
        const passage = it.enter();
        if (!passage) expect(it.isDown).toBe(true);
        if (wasDown && passage) expect(it.room(MOST)).toBe(0);
        if (how === 'hold') held.push(passage);
        else if (how === 'ok') passage?.succeeded();
        else if (how === 'cut') passage?.cutOff();
        else passage?.failed(`${subject}`, how === 'later' ? 10_000 : null);
      }
      for (const passage of held) passage?.cutOff();
      clock += 2 * CIRCUIT.longest;
      expect(it.room(MOST)).toBeGreaterThan(0);
    }),
  );
});
