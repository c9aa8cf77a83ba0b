import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ItSystem } from '@stoettesystemer/model';
import { formatInstant, type Instant, now } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Reader } from '../agreement/reader';
import { internalCaller } from '../internal-caller';
import { type Draft, MailLog } from '../mail/mail-log';
import { withoutPersons } from '../mail/mail-text';
import { type Ending, type EndingKind, Endings } from './endings';

/** A day in the unit of an Instant. */
export const DAY = 24n * 60n * 60n * 1_000_000n;
/** How many days before the end it is told. */
const WARNINGS = [7n, 30n, 60n] as const;
const WORDS: Readonly<Record<EndingKind, string>> = {
  Noegle: 'Nøgle eller certifikat udløber',
  IdpMetadata: 'IdP’ens certifikat eller metadata udløber',
  Serviceaftale: 'Serviceaftale udløber',
  Delegation: 'Delegation udløber',
  Foederationsaftale: 'Føderationsaftale udløber',
};

/** Writes to those whom it will stop, while there is still time to do something about it; once at each distance. */
@Injectable()
export class Deadlines {
  constructor(
    private readonly database: Database,
    private readonly endings: Endings,
    private readonly reader: Reader,
    private readonly mails: MailLog,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async tell(moment: Instant = now()): Promise<void> {
    for (const owner of await this.owners()) await this.tellOf(owner, moment);
  }

  private async owners(): Promise<string[]> {
    const { rows } = await this.database.run(
      { owner: null },
      {
        name: 'owners-with',
        text: `select owners_with as owner from owners_with(array['ItSystem', 'Serviceaftale', 'Delegation', 'Foederationsaftale'])`,
      },
    );
    return rows.map(({ owner }) => String(owner).padStart(8, '0'));
  }

  private async tellOf(owner: string, moment: Instant): Promise<void> {
    const ask = { caller: internalCaller(owner), transaction: randomUUID() };
    const furthest = WARNINGS.at(-1)!;
    const found = await this.endings.find(ask, null, moment, moment + furthest * DAY);
    // What is common is read by everybody, and told of by its owner.
    const own = found.filter(({ ejer }) => ejer === owner);
    if (own.length === 0) return;
    const systems = await this.reader.many(
      owner,
      ItSystem,
      own.flatMap(({ system }) => system ?? []),
    );
    const mailboxes = new Map(
      systems.map(({ uuid, attributter }) => [uuid, attributter?.egenskaber?.[0]?.rollepostkasse]),
    );
    await this.mails.write(
      owner,
      own.flatMap((ending) => this.draftsOf(ending, moment, mailboxes.get(ending.system ?? '') ?? null)),
    );
  }

  private draftsOf(ending: Ending, moment: Instant, vendor: string | null): Draft[] {
    const { slags, uuid, id, navn, ends, ejer } = ending;
    const distance = WARNINGS.find((days) => ends - moment <= days * DAY);
    if (distance === undefined) return [];
    const when = formatInstant(ends);
    const subject = withoutPersons(`${WORDS[slags]}: ${navn}`);
    const body = [
      `${WORDS[slags]} inden for ${distance} dage.`,
      '',
      withoutPersons(`Navn: ${navn}`),
      ...(id === '' ? [] : [withoutPersons(`Nøgle: ${id}`)]),
      `Udløber: ${when}`,
      `Myndighed (CVR): ${ejer}`,
      '',
      `${this.surroundings.settings.externalUrl}/adgangsstyring/v1/udloeb?inden=${distance}`,
      '',
    ].join('\n');
    const key = `udloeb ${slags} ${uuid} ${id} ${when} ${distance}`;
    const toVendor = vendor === null ? [] : [{ key: `${key} leverandoer`, recipient: vendor }];
    const toMunicipality = [{ key: `${key} myndighed`, recipient: null }];
    const to =
      slags === 'Noegle' || slags === 'IdpMetadata'
        ? toVendor
        : slags === 'Serviceaftale'
          ? [...toMunicipality, ...toVendor]
          : toMunicipality;
    return to.map((each) => ({ ...each, about: uuid, subject, body }));
  }
}
