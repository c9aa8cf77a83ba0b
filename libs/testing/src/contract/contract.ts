import type { Declaration } from '@stoettesystemer/object';
import type { Answer, RunningService, Sent } from '../running-service';
import { type Body, type Registered, SECTIONS, wholeBody } from './body';

export interface ContractOptions {
  /** Starts a service that has the type. */
  start(): Promise<RunningService>;
  /** Makes a body one that the rules of the domain take: a unique key, an object that it must point at. */
  prepare?(service: RunningService, body: Body): Promise<void> | void;
  /** Facets that a rule ties down: they stay as `prepare` leaves them. */
  readonly bound?: readonly string[];
  /** Facets, and members as `facet.member`, that a rule lets no new object have. */
  readonly without?: readonly string[];
}

export interface Made {
  readonly uuid: string;
  readonly body: Body;
  readonly object: Registered;
}

export const jsonOf = <T = Registered>({ text }: Answer): T => JSON.parse(text) as T;
export const kodeOf = (answer: Answer): string => jsonOf<{ kode: string }>(answer).kode;
/** A problem without what is different in every answer. */
export const problemOf = (answer: Answer): unknown => ({ ...jsonOf<object>(answer), instance: '' });

/** A type under test, in a service that runs. */
export class Contract {
  private running: RunningService | undefined;
  private seed = 0;

  constructor(
    readonly type: Declaration,
    private readonly options: ContractOptions,
  ) {}

  async start(): Promise<void> {
    this.running = await this.options.start();
  }

  async close(): Promise<void> {
    await this.running?.close();
  }

  get service(): RunningService {
    if (!this.running) throw new Error('The service runs only while the tests do');
    return this.running;
  }

  get bound(): readonly string[] {
    return this.options.bound ?? [];
  }

  get without(): readonly string[] {
    return this.options.without ?? [];
  }

  /** Path of the type, of one object, or of what lies under it. */
  at(...rest: readonly string[]): string {
    return [`/${this.service.prefix}/v1/${this.type.path}`, ...rest].join('/');
  }

  send(method: string, path: string, sent?: Sent): Promise<Answer> {
    return this.service.send(method, path, sent);
  }

  /** A body unlike the former ones. */
  async body(): Promise<Body> {
    const body = wholeBody(this.type, ++this.seed);
    for (const name of this.without) leaveOut(body, name);
    await this.options.prepare?.(this.service, body);
    return body;
  }

  /** Another body for the same object: what is tied down is as it was. */
  async another(former: Body): Promise<Body> {
    const body = await this.body();
    for (const section of SECTIONS)
      for (const facet of this.bound)
        if (former[section][facet]) body[section][facet] = former[section][facet];
    return body;
  }

  async make(body?: Body): Promise<Made> {
    const given = body ?? (await this.body());
    const answer = await this.send('POST', this.at(), { body: given });
    if (answer.status !== 201) throw new Error(`Opret: ${answer.status} ${answer.text}`);
    const object = jsonOf(answer);
    return { uuid: object.uuid, body: given, object };
  }

  /** Ret, on the registration with that number. */
  patch(uuid: string, number: number, body: unknown): Promise<Answer> {
    return this.send('PATCH', this.at(uuid), { body, headers: { 'if-match': `"${number}"` } });
  }

  /** A change that every type takes: the first state or group that is not tied down, from then on. */
  async change(from = '2030-01-01T00:00:00Z'): Promise<Partial<Body>> {
    const { attributter } = await this.body();
    const { type } = this;
    for (const [facet, group] of Object.entries(type.attributes)) {
      const [item] = attributter[facet] ?? [];
      if (!item || group.key !== undefined || this.bound.includes(facet)) continue;
      return { attributter: { [facet]: [{ ...item, virkning: { fra: from } }] } };
    }
    throw new Error(`${type.name} has no attribute group that can be changed`);
  }
}

function leaveOut(body: Body, name: string): void {
  const [facet = '', member] = name.split('.');
  for (const section of SECTIONS)
    if (member === undefined) Reflect.deleteProperty(body[section], facet);
    else for (const item of body[section][facet] ?? []) Reflect.deleteProperty(item, member);
}
