import { randomUUID } from 'node:crypto';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import { type Answer, runningApp, type RunningService } from '@stoettesystemer/testing';
import { DeviationModule } from '../../deviation/deviation.module';
import { deviationAdditions } from '../../deviation/open-api';
import { organisation as app } from '../../organisation';
import { letBeTolerant } from '../../spec/tolerance';

export interface Virkning {
  readonly fra: string;
  readonly til?: string | null;
}
type Item = Readonly<Record<string, unknown>> & { readonly virkning: Virkning };
type Section = Record<string, readonly Item[]>;
export interface Body {
  /** Of a ret: the relations that are named are replaced as a whole. */
  readonly erstat?: boolean;
  readonly attributter?: Section;
  readonly tilstande?: Section;
  readonly relationer?: Section;
}
export interface Deviation {
  readonly kode: string;
  readonly regel: string | null;
  readonly uuid: string;
  readonly om: string | null;
}

export const day = (year: number, month = 1): string =>
  `${year}-${String(month).padStart(2, '0')}-01T00:00:00Z`;
export const years = (from: number, to?: number): Virkning => ({
  fra: day(from),
  til: to === undefined ? null : day(to),
});
export const ALWAYS = years(2000);

export const to = (uuids: string | readonly string[], virkning: Virkning = ALWAYS): Item[] =>
  [uuids].flat().map((uuid) => ({ virkning, reference: { uuid } }));
/** A subject of KLE; the klasse is made up. */
export const task = (kleNummer: string, virkning: Virkning = ALWAYS): Item => ({
  virkning,
  rolle: 'Ansvarlig',
  reference: { uuid: randomUUID() },
  kleNummer,
});

const body = (
  names: Readonly<Record<string, string>>,
  relationer: Section,
  virkning: Virkning = ALWAYS,
): Body => ({
  attributter: { egenskaber: [{ virkning, brugervendtNoegle: randomUUID(), ...names }] },
  tilstande: { gyldighed: [{ virkning, vaerdi: 'Aktiv' }] },
  relationer,
});
export const organisation = (relationer: Section = {}) =>
  body({ organisationNavn: 'Organisation' }, relationer);
export const unit = (relationer: Section = {}, virkning?: Virkning) =>
  body({ enhedNavn: 'Enhed' }, relationer, virkning);
export const user = (relationer: Section = {}) => body({ brugerNavn: 'bruger' }, relationer);
export const system = () => body({ itSystemNavn: 'System' }, {});
export const post = (
  type: keyof typeof FUNCTION_TYPES | null,
  relationer: Section = {},
  virkning?: Virkning,
) =>
  body(
    { funktionNavn: 'Funktion' },
    { ...(type ? { funktionstype: to(FUNCTION_TYPES[type], virkning) } : {}), ...relationer },
    virkning,
  );
export const inactive = (virkning: Virkning): Body => ({
  tilstande: { gyldighed: [{ virkning, vaerdi: 'Inaktiv' }] },
});

export const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
export const outcomeOf = (answer: Answer): [number, string?] =>
  answer.status < 400 ? [answer.status] : [answer.status, jsonOf<{ kode: string }>(answer).kode];

/** A request that two systems can send: one that writes strictly, and one that writes tolerantly. */
export interface Request {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Body;
}

const RULES_ALONE = { ...app, modules: [DeviationModule], additions: deviationAdditions };

/** Eksempelkøbing, where one system writes strictly and another one tolerantly. */
export class Municipality {
  private constructor(readonly service: RunningService) {}

  static async open(): Promise<Municipality> {
    return new Municipality(await letBeTolerant(await runningApp(RULES_ALONE), 'demo-begraenset'));
  }

  /** On whatever registration is the latest. */
  async send({ method, path, body }: Request, isStrict = true): Promise<Answer> {
    const token = await this.service.token({ system: isStrict ? 'demo-fagsystem' : 'demo-begraenset' });
    const at = `/organisation/v1/${path}`;
    const isNew = method === 'POST' && !path.endsWith('/passiver');
    const before = isNew ? null : await this.service.send('GET', at.replace('/passiver', ''), { token });
    const headers = before?.status === 200 ? { 'if-match': before.headers['etag'] } : {};
    return this.service.send(method, at, { body, headers, token });
  }

  async made(path: string, body: Body, isStrict = true): Promise<string> {
    const answer = await this.send({ method: 'POST', path, body }, isStrict);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<{ uuid: string }>(answer).uuid;
  }

  async deviations(query = ''): Promise<Deviation[]> {
    const answer = await this.service.send('GET', `/organisation/v1/afvigelser?limit=500${query}`);
    if (answer.status !== 200) throw new Error(answer.text);
    return jsonOf<{ data: Deviation[] }>(answer).data;
  }

  /** Refused of who writes strictly; taken of who does not, and then told of at the moment. */
  async breaks(kode: string, request: Request, moment?: string): Promise<void> {
    expect(outcomeOf(await this.send(request))).toEqual([422, kode]);
    const seen = async () =>
      (await this.deviations(moment === undefined ? '' : `&virkningstid=${moment}`)).map((each) => each.kode);
    const before = (await seen()).filter((each) => each === kode).length;
    expect((await this.send(request, false)).status).toBeLessThan(300);
    expect((await seen()).filter((each) => each === kode).length).toBeGreaterThan(before);
  }

  /** Taken of who writes strictly. */
  async keeps(request: Request): Promise<void> {
    const answer = await this.send(request);
    expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([answer.status, '']);
  }

  /** An organisation with its root. */
  async town(): Promise<{ organisation: string; root: string }> {
    const made = await this.made('organisationer', organisation());
    return {
      organisation: made,
      root: await this.made('organisationenheder', unit({ tilhoerer: to(made) })),
    };
  }

  under(over: string, of: string): Promise<string> {
    return this.made('organisationenheder', unit({ tilhoerer: to(of), overordnet: to(over) }));
  }
}
