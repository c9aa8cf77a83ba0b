import { randomUUID } from 'node:crypto';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import type { Answer, RunningService } from '@stoettesystemer/testing';

export const FROM = { fra: '2020-01-01T00:00:00Z' };
export type Line = Readonly<Record<string, unknown>>;

export const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
export const to = (uuid: string, virkning: object = FROM) => [{ virkning, reference: { uuid } }];
export const classOf = (kle: string): string =>
  `27000000-0000-4000-8000-${kle.replaceAll('.', '').padStart(12, '0')}`;

/** A municipality of its own in a service that runs: an organisation, its units, and what is in them. */
export class Town {
  readonly organisation = randomUUID();

  constructor(private readonly service: RunningService) {}

  unit(uuid: string, over: string | null, members: { navn?: string; kle?: readonly string[] } = {}): Line {
    const { navn = `Enhed ${uuid.slice(0, 4)}`, kle = [] } = members;
    return {
      objekttype: 'OrganisationEnhed',
      uuid,
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: navn, enhedNavn: navn }] },
      tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
      relationer: {
        tilhoerer: to(this.organisation),
        ...(over === null ? {} : { overordnet: to(over) }),
        opgaver: kle.map((kleNummer) => this.task(kleNummer)),
      },
    };
  }

  task(kleNummer: string) {
    return { virkning: FROM, rolle: 'Ansvarlig', reference: { uuid: classOf(kleNummer) }, kleNummer };
  }

  post(
    uuid: string,
    unit: string,
    type: keyof typeof FUNCTION_TYPES = 'enhedsrolle',
    more: Readonly<Record<string, unknown>> = {},
  ): Line {
    return {
      objekttype: 'OrganisationFunktion',
      uuid,
      attributter: {
        egenskaber: [{ virkning: FROM, brugervendtNoegle: uuid, funktionNavn: 'Sagsbehandler' }],
      },
      tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
      relationer: {
        funktionstype: to(FUNCTION_TYPES[type]),
        tilknyttedeEnheder: to(unit),
        tilknyttedeOrganisationer: to(this.organisation),
        ...more,
      },
    };
  }

  /** @param root the unit that the organisation points at. */
  async settle(root: string, lines: readonly Line[]): Promise<void> {
    await this.bring([
      {
        objekttype: 'Organisation',
        uuid: this.organisation,
        attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'By', organisationNavn: 'By' }] },
        tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
        relationer: { overordnet: to(root) },
      },
      ...lines,
    ]);
  }

  /** Imported; each must be taken. */
  async bring(lines: readonly Line[]): Promise<void> {
    const answer = await this.service.send('POST', '/organisation/v1/import', {
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const bad = answer.text.split('\n').filter((line) => line.includes('"fejl"'));
    if (answer.status !== 200 || bad.length > 0)
      throw new Error(`${answer.status} ${bad.slice(0, 3).join('\n')}`);
  }

  send(method: string, path: string, body?: unknown, ifMatch?: number): Promise<Answer> {
    return this.service.send(method, `/organisation/v1/${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` },
    });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.send('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<T>(answer);
  }

  /** A draft of a plan. */
  async plan(ikrafttraeden: string, steps: readonly object[]): Promise<string> {
    const answer = await this.send('POST', 'omorganiseringer', {
      attributter: {
        egenskaber: [{ virkning: FROM, brugervendtNoegle: 'p', navn: 'Ny struktur', ikrafttraeden }],
        trin: steps.map((step, at) => ({ virkning: FROM, id: `${at + 1}`.padStart(4, '0'), ...step })),
      },
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return jsonOf<{ uuid: string }>(answer).uuid;
  }

  async consequences(plan: string, more = ''): Promise<Consequences> {
    return this.get(`omorganiseringer/${plan}/konsekvenser?limit=500${more}`);
  }

  /** Looked at and applied. */
  async apply(plan: string, number = 1): Promise<Answer> {
    const { grundlag } = await this.consequences(plan);
    return this.send('POST', `omorganiseringer/${plan}/anvend`, { grundlag }, number);
  }

  undo(plan: string, number = 2): Promise<Answer> {
    return this.send('POST', `omorganiseringer/${plan}/fortryd`, {}, number);
  }
}

export interface Consequences {
  readonly grundlag: string;
  readonly kanAnvendes: boolean;
  readonly antal: Readonly<Record<string, number>>;
  readonly adgangsroller: readonly { readonly adresse: string; readonly soegning: unknown }[];
  readonly data: readonly (Readonly<Record<string, unknown>> & { readonly slags: string })[];
  readonly naeste: string | null;
}
