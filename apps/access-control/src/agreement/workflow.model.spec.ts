import fc from 'fast-check';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import { type Item } from '../spec/town';
import { Parties, type Read } from './spec/parties';

let service: RunningService;
let at: Parties;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
});
afterAll(() => service.close());

/** Now, and the first days of some years to come. */
const TIMES = [null, '2991', '2992', '2993', '2994'].map((year) => year && `${year}-01-01T00:00:00Z`);
const COMMANDS = ['anmod', 'traek', 'godkend', 'godkend', 'afvis', 'ophaev', 'ny-version'] as const;
interface Step {
  readonly command: (typeof COMMANDS)[number];
  readonly isVendor: boolean;
  /** Indexes of `TIMES`; 0: at once, and without an end. */
  readonly fra: number;
  readonly til: number;
}

const THEIRS: readonly string[] = ['godkend', 'afvis', 'ophaev'];
const DRAFTS = ['Kladde', 'Afvist', 'Trukket'];

/** An agreement as somebody would keep it on paper: at each of the times its state and the version that is in force. */
class Paper {
  states: string[] = TIMES.map(() => 'Kladde');
  versions: (number | null)[] = TIMES.map(() => null);
  latest = 0;
  pending: number | null = 1;

  /** What the step is answered with, and the paper as it then is. */
  take({ command, isVendor, fra, til }: Step): number {
    if (isVendor === THEIRS.includes(command)) return 403;
    const [now = ''] = this.states;
    const last = this.states.at(-1)!;
    const isAsked = now === 'Anmodet';
    const isAgreed = ['Godkendt', 'Aktiv', 'Udloebet'].includes(last);
    switch (command) {
      case 'anmod':
        if (!DRAFTS.includes(now)) return 409;
        this.lay('Anmodet');
        return 200;
      case 'traek':
      case 'afvis':
        if (isAsked || (now === 'Kladde' && command === 'traek')) this.lay(isVendor ? 'Trukket' : 'Afvist');
        else if (isAgreed && this.pending !== null) this.pending = null;
        else return 409;
        return 200;
      case 'ny-version':
        if (!isAgreed || this.pending !== null) return 409;
        this.pending = this.latest + 1;
        return 200;
      case 'ophaev': {
        if (!['Godkendt', 'Aktiv'].includes(this.states[fra]!)) return 409;
        this.lay('Ophaevet', fra);
        this.pending = null;
        return 200;
      }
      case 'godkend': {
        if (!isAsked && !(isAgreed && this.pending !== null)) return 409;
        if (til !== 0 && til <= fra) return 422;
        this.latest = this.pending!;
        this.pending = null;
        if (fra > 0 && isAsked) this.lay('Godkendt', 0, fra);
        this.lay('Aktiv', fra, til || undefined, this.latest);
        if (til !== 0) this.lay('Udloebet', til);
        return 200;
      }
    }
  }

  private lay(state: string, from = 0, to: number = TIMES.length, version: number | null = null): void {
    this.states.fill(state, from, to);
    this.versions.fill(version, from, to);
  }
}

const roleOf = (version: number): Item => ({ id: `v${version}`, servicesystemrolle: at.ids.bare });
const bodyOf = ({ command, fra, til }: Step, version: number): Item => {
  if (command === 'ny-version') return { rolle: [roleOf(version)] };
  if (command === 'godkend')
    return { ...(fra ? { fra: TIMES[fra] } : {}), ...(til ? { til: TIMES[til] } : {}) };
  return command === 'ophaev' ? { note: 'Fordi', ...(fra ? { fra: TIMES[fra] } : {}) } : { note: 'Fordi' };
};

const seen = (read: Read): [string | undefined, Item[]] => [
  read.tilstande.status?.[0]?.vaerdi,
  (read.attributter['rolle'] ?? []).map(({ id }) => ({ id })),
];

test('T12: whatever the parties do, what is in force is what was approved, at each virkning and registrering', async () => {
  const step = fc.record({
    command: fc.constantFrom(...COMMANDS),
    isVendor: fc.boolean(),
    fra: fc.nat(TIMES.length - 1),
    til: fc.nat(TIMES.length - 1),
  });
  // Somebody else's step is refused in every state; most of the steps are to lead somewhere.
  const likely = fc
    .tuple(step, fc.nat(9))
    .map(([each, luck]) => (luck === 0 ? each : { ...each, isVendor: !THEIRS.includes(each.command) }));
  await fc.assert(
    fc.asyncProperty(fc.array(likely, { minLength: 4, maxLength: 10 }), async (steps) => {
      const uuid = await at.draft({ roles: [roleOf(1)], limits: [] });
      const paper = new Paper();
      const known: { states: string[]; versions: (number | null)[] }[] = [];
      const note = () => known.push({ states: [...paper.states], versions: [...paper.versions] });
      note();
      for (const each of [{ command: 'anmod', isVendor: true, fra: 0, til: 0 } as const, ...steps]) {
        const body = bodyOf(each, paper.latest + 1);
        const answer = await at.step(each.isVendor ? at.vendor : at.municipality, uuid, each.command, body);
        expect([each, answer.status]).toEqual([each, paper.take(each)]);
        if (answer.status === 200) note();
      }
      const path = `v1/serviceaftaler/${uuid}/registreringer`;
      const { data } = await at.nobody.read<{ data: { nummer: number; fra: string }[] }>(path);
      expect(data).toHaveLength(known.length);
      for (const { nummer, fra } of data)
        for (const [index, time] of TIMES.entries()) {
          if (time === null) continue;
          const read = await at.read(uuid, `virkningstid=${time}&registreringstid=${fra}`);
          const { states, versions } = known[nummer - 1]!;
          const version = versions[index] ?? null;
          expect(seen(read)).toEqual([states[index], version === null ? [] : [{ id: `v${version}` }]]);
        }
    }),
    { numRuns: 15 },
  );
});

test('the paper itself ends up where the table says', () => {
  const paper = new Paper();
  const answers = (['anmod', 'godkend', 'ny-version', 'godkend', 'ophaev'] as const).map((command) =>
    paper.take({ command, isVendor: !THEIRS.includes(command), fra: command === 'ophaev' ? 3 : 0, til: 0 }),
  );
  expect([answers, paper.states, paper.versions]).toEqual([
    [200, 200, 200, 200, 200],
    ['Aktiv', 'Aktiv', 'Aktiv', 'Ophaevet', 'Ophaevet'],
    [2, 2, 2, null, null],
  ]);
});
