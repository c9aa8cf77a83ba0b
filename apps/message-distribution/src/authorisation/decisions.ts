import { type Caller, Privileges } from '@stoettesystemer/access';
import { Besked, messageDistributionTypes } from '@stoettesystemer/model';
import { isUuid } from '@stoettesystemer/object';
import { LRUCache } from 'lru-cache';

/** Milliseconds that a decision is used without asking again. What is taken back is heard of sooner. */
const FRESH = 5_000;
const REMEMBERED = 10_000;

/** Asks Adgangsstyring; the answer as it comes. */
export type AskAccess = (question: { system: string; service: string; cvr: string }) => Promise<unknown>;

interface Answer {
  readonly afvist?: unknown;
  readonly serviceaftale?: { readonly uuid?: unknown; readonly version?: unknown } | null;
  readonly authorization_details?: unknown;
}

/**
 * What a receiver may have when no token is at hand: what Adgangsstyring would put into one at this moment. It becomes a
 * caller like any other, and so is judged by the same code.
 */
export class Decisions {
  private readonly privileges = new Privileges([...messageDistributionTypes, Besked]);
  private readonly known = new LRUCache<string, { readonly caller: Caller }>({ max: REMEMBERED });
  private readonly asking = new Map<string, Promise<Caller>>();

  constructor(
    private readonly ask: AskAccess,
    /** Whether what was issued by then still stands (A11). */
    private readonly stillValid: (caller: Caller) => boolean,
  ) {}

  /**
   * The system as a caller for the municipality; without any right when its agreement gives none.
   * @throws Error when it cannot be found out: then nothing may be delivered.
   */
  async of(system: string, owner: string): Promise<Caller> {
    const key = `${system} ${owner}`;
    const known = this.known.get(key);
    if (known && this.stillValid(known.caller)) return known.caller;
    let asking = this.asking.get(key);
    if (!asking) {
      asking = this.find(system, owner).finally(() => this.asking.delete(key));
      this.asking.set(key, asking);
    }
    return asking;
  }

  private async find(system: string, owner: string): Promise<Caller> {
    const issued = Date.now();
    const answer = (await this.ask({ system, service: 'beskedfordeler', cvr: owner })) as Answer;
    const caller = this.callerOf(answer, system, owner, issued);
    this.known.set(`${system} ${owner}`, { caller });
    return caller;
  }

  private callerOf(answer: Answer, system: string, owner: string, issued: number): Caller {
    const { uuid, version } = answer.serviceaftale ?? {};
    return {
      service: 'beskedfordeler',
      owner,
      system,
      subject: system,
      assurance: null,
      agreement: isUuid(uuid) ? uuid.toLowerCase() : null,
      agreementVersion: typeof version === 'number' ? version : null,
      tokenId: 'levering',
      // In whole seconds, and not later than it was decided: what is taken back from then on counts against it.
      issued: Math.floor(issued / 1000),
      expires: (issued + FRESH) / 1000,
      groups: answer.afvist === null ? this.privileges.groupsOf(answer.authorization_details, owner) : [],
    };
  }
}
