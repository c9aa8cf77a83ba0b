import { randomUUID } from 'node:crypto';
import type { Answer, RunningService } from '@stoettesystemer/testing';
import {
  COMMON,
  type Content,
  held,
  type Item,
  jsonOf,
  made,
  pointing,
  systemBody,
  Town,
  TOWN,
  vendorIn,
} from '../../spec/town';

export const VENDOR = '23456789';
export const KLE = 'http://sts.kombit.dk/constraints/KLE/1';

/** An agreement as it is read. */
export interface Read {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number; readonly note?: string };
  readonly attributter: Readonly<Record<string, readonly Item[] | undefined>>;
  readonly tilstande: {
    readonly status?: readonly { vaerdi: string; virkning: { fra: string; til: string | null } }[];
  };
}

export interface AgreementParts {
  readonly system: string;
  readonly service: string;
  readonly egenskaber?: Item;
  readonly status?: string;
  readonly roles?: readonly Item[];
  readonly limits?: readonly Item[];
}

/** A draft that asks for one role, restricted to KLE 27.*. */
export const draftBody = (role: string, parts: AgreementParts): Content => ({
  attributter: {
    egenskaber: held({
      navn: 'En aftale',
      formaal: 'At prøve',
      aftaletype: 'Produktion',
      leverandoerCvr: VENDOR,
      ...parts.egenskaber,
    }),
    anmodning: held({ version: 1 }),
    anmodetRolle: held(...(parts.roles ?? [{ id: 'r', servicesystemrolle: role }])),
    anmodetAfgraensning: held(
      ...(parts.limits ?? [{ id: 'k', rolleId: 'r', dataafgraensningstype: KLE, vaerdier: ['27.*'] }]),
    ),
  },
  tilstande: { status: held({ vaerdi: parts.status ?? 'Kladde' }) },
  relationer: { anvendersystem: pointing(parts.system), service: pointing(parts.service) },
});

/** A vendor with a system, a service with two roles, and the municipality that is asked. */
export class Parties {
  readonly vendor: Town;
  readonly municipality: Town;
  /** Has no more than the rights to the types. */
  readonly nobody: Town;

  private constructor(
    private readonly service: RunningService,
    readonly catalogue: Town,
    readonly ids: { system: string; service: string; role: string; bare: string; crossing: string },
    readonly cvr: string,
  ) {
    const wish = { cvr };
    this.vendor = new Town(service, wish, {
      privileges: ['adgangsstyring:anmod'],
      constraints: { organisation: [VENDOR] },
    });
    this.municipality = new Town(service, wish, { privileges: ['adgangsstyring:godkend'] });
    this.nobody = new Town(service, wish);
  }

  static async in(service: RunningService, cvr = TOWN, egenskaber: Item = {}): Promise<Parties> {
    const catalogue = vendorIn(service);
    const system = await made(
      catalogue.post(
        'it-systemer',
        systemBody({
          types: ['Anvendersystem'],
          egenskaber: { organisationCvr: VENDOR, rollepostkasse: 'drift@leverandoer.dk', ...egenskaber },
        }),
      ),
    );
    const offered = await made(
      catalogue.post('services', {
        attributter: {
          egenskaber: held({
            navn: 'Prøveservice',
            beskrivelse: 'Det, der prøves.',
            entityId: `urn:prove:${randomUUID()}`,
            organisationCvr: COMMON,
          }),
        },
      }),
    );
    const role = (navn: string, more: Item = {}, restrictions: readonly Item[] = []) =>
      made(
        catalogue.post('servicesystemroller', {
          attributter: {
            egenskaber: held({
              navn,
              beskrivelse: `Kan ${navn}.`,
              entityId: `urn:prove:${randomUUID()}`,
              privilegier: ['ting:laes'],
              organisationCvr: COMMON,
              ...more,
            }),
            dataafgraensning: held(...restrictions),
          },
          relationer: { service: pointing(offered) },
        }),
      );
    const ids = {
      system,
      service: offered,
      role: await role('Se ting', {}, [{ dataafgraensningstype: KLE, kraevet: true }]),
      bare: await role('Se alt'),
      crossing: await role('Se alles', { tvaergaaende: true }),
    };
    return new Parties(service, catalogue, ids, cvr);
  }

  body(parts: Partial<AgreementParts> = {}): Content {
    return draftBody(this.ids.role, { system: this.ids.system, service: this.ids.service, ...parts });
  }

  draft(parts: Partial<AgreementParts> = {}): Promise<string> {
    return made(this.vendor.post('serviceaftaler', this.body(parts)));
  }

  async read(uuid: string, query = 'virkning=alle'): Promise<Read> {
    const answer = await this.nobody.send('GET', `v1/serviceaftaler/${uuid}?${query}`);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return jsonOf<Read>(answer);
  }

  /** A step on the agreement as it stands. */
  async step(who: Town, uuid: string, command: string, body: Item = {}): Promise<Answer> {
    const { registrering } = await this.read(uuid);
    return who.change('POST', `serviceaftaler/${uuid}/${command}`, body, registrering.nummer);
  }

  async patch(who: Town, uuid: string, body: Content): Promise<Answer> {
    const { registrering } = await this.read(uuid);
    return who.change('PATCH', `serviceaftaler/${uuid}`, body, registrering.nummer);
  }

  /** Taken through these steps, each by the one whose it is. @throws Error at the first that is refused */
  async through(uuid: string, ...commands: readonly (string | readonly [string, Item])[]): Promise<string> {
    for (const each of commands) {
      const [command, body] = typeof each === 'string' ? [each, {}] : each;
      const isTheirs = ['godkend', 'afvis', 'ophaev'].includes(command);
      const note = isTheirs && !('note' in body) ? { note: 'Fordi' } : {};
      const who = isTheirs ? this.municipality : this.vendor;
      const answer = await this.step(who, uuid, command, { ...note, ...body });
      if (answer.status !== 200) throw new Error(`${command}: ${answer.status} ${answer.text}`);
    }
    return uuid;
  }
}

/** Names of the states that an agreement has been in and will be, in order of time. */
export const statesOf = ({ tilstande }: Read): string[] =>
  (tilstande.status ?? []).map(({ vaerdi }) => vaerdi);
