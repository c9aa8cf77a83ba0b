import type { FacetItems, ObjectInput } from '@stoettesystemer/engine';
import { formatInstant, type Instant, invalid, parseInstant, Refusal } from '@stoettesystemer/object';
import { type AgreementState, isAgreed, isDraft } from './agreement-state';
import { AgreementTimeline, type LimitItem, type Request, type RoleItem } from './agreement-timeline';

/** The steps that people and systems take, as they are named in the address. */
export const COMMANDS = ['anmod', 'traek', 'godkend', 'afvis', 'ophaev', 'ny-version'] as const;
export type Command = (typeof COMMANDS)[number];

/** What is said with a command. */
export interface Wish {
  readonly note?: string | null;
  /** RFC 3339. Not said: at once, or what was asked for. */
  readonly fra?: string | null;
  readonly til?: string | null;
  /** Of a new version. */
  readonly rolle?: readonly RoleItem[];
  readonly afgraensning?: readonly LimitItem[];
}

type Item = Readonly<Record<string, unknown>>;
type Change = Pick<ObjectInput, 'note' | 'attributter' | 'tilstande'>;

const cannot = (command: Command, state: string): Refusal =>
  new Refusal(409, 'trin', `${command} kan ikke bruges på en aftale, der er ${state.toLowerCase()}.`);

const instantOf = (text: string | null | undefined): Instant | null => (text ? parseInstant(text) : null);
const latest = (...instants: readonly (Instant | null)[]): Instant =>
  instants.filter((each) => each !== null).reduce((a, b) => (a > b ? a : b));

const holding = (from: Instant, to: Instant | null = null) => ({
  virkning: { fra: formatInstant(from), ...(to === null ? {} : { til: formatInstant(to) }) },
});

/** An agreement, and the moment at which somebody takes a step with it. */
export class AgreementStep {
  private readonly timeline: AgreementTimeline;
  private readonly moment: Instant;
  private readonly state: AgreementState | null;

  /**
   * @param now by our clock. A step is never before the one that it follows, whichever clock that was taken by.
   * @param allowsTest whether agreements that are made for trying come into force here.
   * @param subject who takes the step.
   */
  constructor(
    items: FacetItems,
    now: Instant,
    private readonly allowsTest: boolean,
    private readonly subject: string,
  ) {
    this.timeline = new AgreementTimeline(items);
    const { last, lastEdge } = this.timeline;
    const followed = lastEdge !== null && !isAgreed(last) && last !== 'Ophaevet' ? lastEdge + 1n : null;
    this.moment = latest(now, followed);
    this.state = this.timeline.slice(this.moment).status;
  }

  /** What is to be registered for the command. @throws Refusal 409 where the agreement is not such that it can be; 422 */
  take(command: Command, wish: Wish): Change {
    const { note } = wish;
    const change = this.changeFor(command, wish);
    return { ...(note ? { note } : {}), ...change };
  }

  private changeFor(command: Command, wish: Wish): Change {
    switch (command) {
      case 'anmod':
        return this.ask(wish);
      case 'traek':
        return this.end(command, 'Trukket');
      case 'afvis':
        return this.end(command, 'Afvist');
      case 'godkend':
        return this.approve(wish);
      case 'ophaev':
        return this.terminate(wish);
      case 'ny-version':
        return this.askAnew(wish);
    }
  }

  private get name(): string {
    return this.state ?? 'ukendt';
  }

  /** @throws Refusal 422 where none may be. */
  private isTest(): boolean {
    const { isTest } = this.timeline.slice(this.moment);
    if (isTest && !this.allowsTest)
      throw invalid('testaftale', '/attributter/egenskaber', 'Testaftaler gælder kun i testmiljøer.');
    return isTest;
  }

  private ask(wish: Wish): Change {
    if (!isDraft(this.state)) throw cannot('anmod', this.name);
    const { request, highestVersion } = this.timeline;
    const asked = { version: highestVersion + 1, ...datesOf(wish) };
    if (this.isTest())
      return this.putInForce(
        request ?? { ...asked, from: null, to: null, by: null, ...this.timeline.asked },
        asked.version,
        wish,
      );
    return {
      attributter: { anmodning: [{ ...holding(this.moment), ...asked, af: this.subject }] },
      tilstande: { status: [{ ...holding(this.moment), vaerdi: 'Anmodet' }] },
    };
  }

  private askAnew(wish: Wish): Change {
    const { request, highestVersion, last } = this.timeline;
    if (!isAgreed(this.state) || !isAgreed(last)) throw cannot('ny-version', this.name);
    if (request)
      throw new Refusal(
        409,
        'trin',
        'Der er allerede bedt om en ny version. Træk den, før der bedes om en anden.',
      );
    const { rolle = [], afgraensning = [], note } = wish;
    const version = highestVersion + 1;
    if (this.isTest())
      return this.putInForce(
        { version, from: null, to: null, by: null, roles: rolle, limits: afgraensning },
        version,
        wish,
      );
    return {
      attributter: {
        anmodning: [
          {
            ...holding(this.moment),
            version,
            gyldigFra: null,
            gyldigTil: null,
            begrundelse: note ?? null,
            af: this.subject,
            ...datesOf(wish),
          },
        ],
        anmodetRolle: this.instead('anmodetRolle', rolle, this.moment, null),
        anmodetAfgraensning: this.instead('anmodetAfgraensning', afgraensning, this.moment, null),
      },
    };
  }

  private end(command: Command, to: AgreementState): Change {
    const { last } = this.timeline;
    if (last === 'Anmodet' || (last === 'Kladde' && to === 'Trukket'))
      return { tilstande: { status: [{ ...holding(this.moment), vaerdi: to }] } };
    if (!isAgreed(last) || !this.timeline.request) throw cannot(command, this.name);
    return { attributter: this.withoutRequest() };
  }

  private approve(wish: Wish): Change {
    const { request, last } = this.timeline;
    if (!request || !(last === 'Anmodet' || isAgreed(last))) throw cannot('godkend', this.name);
    return this.putInForce(request, request.version, wish);
  }

  /** Ends what was in force from the start of the new, and lets that hold for as long as it was agreed. */
  private putInForce(request: Request, version: number, { fra, til }: Wish): Change {
    const start = latest(this.moment, instantOf(fra) ?? instantOf(request.from));
    const end = til === null ? null : (instantOf(til) ?? instantOf(request.to));
    if (end !== null && end <= start)
      throw invalid('periode', '/til', 'Aftalen skal ende, efter at den begynder.');
    const waits = start > this.moment && this.state !== 'Aktiv' && this.state !== 'Godkendt';
    return {
      attributter: {
        egenskaber: [{ ...holding(start), version }],
        rolle: this.instead('rolle', request.roles, start, end),
        afgraensning: this.instead('afgraensning', request.limits, start, end),
        ...this.withoutRequest(),
      },
      tilstande: {
        status: [
          ...(waits ? [{ ...holding(this.moment, start), vaerdi: 'Godkendt' }] : []),
          { ...holding(start, end), vaerdi: 'Aktiv' },
          ...(end === null ? [] : [{ ...holding(end), vaerdi: 'Udloebet' }]),
        ],
      },
    };
  }

  private terminate({ fra }: Wish): Change {
    const end = latest(this.moment, instantOf(fra));
    const { status } = this.timeline.slice(end);
    if (status !== 'Aktiv' && status !== 'Godkendt') throw cannot('ophaev', status ?? this.name);
    return {
      attributter: {
        rolle: this.ended('rolle', end),
        afgraensning: this.ended('afgraensning', end),
        ...this.withoutRequest(),
      },
      tilstande: { status: [{ ...holding(end), vaerdi: 'Ophaevet' }] },
    };
  }

  private withoutRequest(): Record<string, readonly Item[]> {
    return {
      anmodning: this.timeline.request ? [{ ...holding(this.moment), slut: true }] : [],
      anmodetRolle: this.ended('anmodetRolle', this.moment),
      anmodetAfgraensning: this.ended('anmodetAfgraensning', this.moment),
    };
  }

  private ended(facet: string, from: Instant): Item[] {
    return this.timeline.idsFrom(facet, from).map((id) => ({ ...holding(from), id, slut: true }));
  }

  /** The items in their period, and after the start none of those that were there before. */
  private instead(
    facet: string,
    items: readonly { id: string }[],
    from: Instant,
    to: Instant | null,
  ): Item[] {
    const said = new Set(items.map(({ id }) => id));
    const former = this.timeline.idsFrom(facet, from);
    return [
      ...items.map((item) => ({ ...holding(from, to), ...item })),
      ...former
        .filter((id) => !said.has(id) || to !== null)
        .map((id) => ({ ...holding(said.has(id) ? to! : from), id, slut: true })),
    ];
  }
}

const datesOf = ({ fra, til }: Wish) => ({
  ...(fra === undefined ? {} : { gyldigFra: fra }),
  ...(til === undefined ? {} : { gyldigTil: til }),
});
