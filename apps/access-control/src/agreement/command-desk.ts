import { Inject, Injectable } from '@nestjs/common';
import type { FacetItems, StoredAnswer } from '@stoettesystemer/engine';
import { type ObjectInput, ObjectStore } from '@stoettesystemer/engine';
import { Serviceaftale } from '@stoettesystemer/model';
import { type Fault, now, Refusal } from '@stoettesystemer/object';
import {
  checked,
  type CommandAsk,
  inputClasses,
  replayed,
  SURROUNDINGS,
  type Surroundings,
} from '@stoettesystemer/server';
import { mustApprove } from './authority';
import { AgreementStep, type Command, type Wish } from './commands';

const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;

interface Sections {
  readonly attributter?: FacetItems;
  readonly tilstande?: FacetItems;
  readonly relationer?: FacetItems;
}
/** An agreement as JSON, as the rules see one: its facets by name. */
export const facetsOf = (body: string): FacetItems => {
  const { attributter, tilstande, relationer } = JSON.parse(body) as Sections;
  return { ...attributter, ...tilstande, ...relationer };
};

/** Where in the command stands what came to stand there in the agreement. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^\/attributter\/anmodetRolle/, '/rolle'],
  [/^\/attributter\/anmodetAfgraensning/, '/afgraensning'],
  [/^\/attributter\/anmodning\/0\/begrundelse/, '/note'],
];
const placed = (fault: Fault): Fault => ({
  ...fault,
  sti: PLACES.reduce((sti, [there, here]) => sti.replace(there, here), fault.sti),
});
const inCommand = (cause: unknown): unknown =>
  cause instanceof Refusal
    ? new Refusal(cause.status, cause.kode, cause.detail, {
        fejl: cause.fejl.map(placed),
        headers: cause.headers,
      })
    : cause;

/** Takes commands to agreements: one command is one registration, made by the one way in which anything is changed. */
@Injectable()
export class CommandDesk {
  private readonly input = inputClasses(Serviceaftale).change;

  private readonly allowsTest: boolean;

  constructor(
    private readonly store: ObjectStore,
    @Inject(SURROUNDINGS) { settings }: Surroundings,
  ) {
    this.allowsTest = settings.profile === 'udvikling';
  }

  /** @throws Refusal 403, 404, 409 `trin`, 412, 422, 428 */
  async take(
    ask: CommandAsk,
    uuid: string,
    ifMatch: number | null,
    command: Command,
    wish: Wish,
  ): Promise<StoredAnswer> {
    // To say no to a new version and to withdraw it come to the same registration, and only the one is a vendor's.
    if (command === 'afvis') mustApprove(ask.caller);
    const done = await this.done(ask);
    if (done) return done;
    try {
      return await this.step(ask, uuid, ifMatch, command, wish);
    } catch (cause) {
      // The same command may have been first, and it is its step that this one stumbles over.
      const meanwhile = cause instanceof Refusal ? await this.done(ask) : null;
      if (meanwhile) return meanwhile;
      throw inCommand(cause);
    }
  }

  private async step(
    ask: CommandAsk,
    uuid: string,
    ifMatch: number | null,
    command: Command,
    wish: Wish,
  ): Promise<StoredAnswer> {
    const { body, number } = await this.store.read(ask, Serviceaftale, uuid, AS_IT_IS);
    // The store says what is wrong with a tag that is not the one just read.
    const change =
      ifMatch === number
        ? checked<ObjectInput>(
            this.input,
            new AgreementStep(facetsOf(body), now(), this.allowsTest, ask.caller.subject).take(command, wish),
          )
        : {};
    const written = await this.store.patch(ask, Serviceaftale, uuid, change, ifMatch);
    return written.replayed ? replayed(written.replayed) : ask.answer(written);
  }

  private async done(ask: CommandAsk): Promise<StoredAnswer | null> {
    const stored = ask.idempotency ? await this.store.replay(ask) : null;
    return stored && replayed(stored);
  }
}
