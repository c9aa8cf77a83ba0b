import { randomUUID } from 'node:crypto';
import type { Answer, RunningService } from '@stoettesystemer/testing';

export const FROM = '2000-01-01T00:00:00Z';
const PREFIX = '/klassifikation/v1';

type Virkning = Readonly<{ fra?: string; til?: string }>;
interface Named extends Virkning {
  readonly key?: string;
  readonly titel?: string;
  /** Published all the time unless told otherwise. */
  readonly status?: string;
}

const always = ({ fra = FROM, til }: Virkning = {}) => ({ fra, til: til ?? null });
export const pointing = (uuid: string | undefined, virkning?: Virkning) =>
  uuid === undefined ? [] : [{ virkning: always(virkning), reference: { uuid } }];

const bodyOf = ({ key = randomUUID(), titel = 'Titel', status = 'Publiceret', ...virkning }: Named) => ({
  attributter: { egenskaber: [{ virkning: always(virkning), brugervendtNoegle: key, titel }] },
  tilstande: { publiceretStatus: [{ virkning: always(virkning), vaerdi: status }] },
});

export const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
/** Status and code of what was refused; the status alone of what was not. */
export const outcomeOf = (answer: Answer): [number, string?] =>
  answer.status < 400 ? [answer.status] : [answer.status, jsonOf<{ kode: string }>(answer).kode];

/** A municipality at work in Klassifikation. */
export class Town {
  constructor(
    private readonly service: RunningService,
    private readonly wish: { system?: string; cvr?: string } = {},
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const token = await this.service.token(this.wish);
    return this.service.send(method, `${PREFIX}/${path}`, { body, headers, token });
  }

  async read<T = { data: unknown[] }>(path: string): Promise<T> {
    const answer = await this.send('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<T>(answer);
  }

  postKlassifikation(named: Named = {}): Promise<Answer> {
    return this.send('POST', 'klassifikationer', bodyOf(named));
  }

  postFacet({ klassifikation, ...named }: Named & { klassifikation?: string } = {}): Promise<Answer> {
    return this.send('POST', 'facetter', {
      ...bodyOf(named),
      relationer: { facetTilhoerer: pointing(klassifikation) },
    });
  }

  klasseBody({ facet, over, ...named }: Named & { facet: string; over?: string }) {
    return { ...bodyOf(named), relationer: { facet: pointing(facet), overordnetKlasse: pointing(over) } };
  }

  postKlasse(named: Named & { facet: string; over?: string }): Promise<Answer> {
    return this.send('POST', 'klasser', this.klasseBody(named));
  }

  /** Ret, or passiver, or slet: on whatever registration is the latest. */
  async change(method: string, path: string, body?: unknown, nummer = 1): Promise<Answer> {
    return this.send(method, path, body, { 'if-match': `"${nummer}"` });
  }
}

/** The UUID of what was made. */
export async function made(answer: Promise<Answer>): Promise<string> {
  const { status, text } = await answer;
  if (status !== 201) throw new Error(`${status} ${text}`);
  return (JSON.parse(text) as { uuid: string }).uuid;
}
