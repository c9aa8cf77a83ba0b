import { basename, extname } from 'node:path';
import { Bruger } from '@stoettesystemer/model';
import { isUuid } from '@stoettesystemer/object';
import { isObject } from '@stoettesystemer/server';
import type { Desired, Entry, Place, Source, SourceFile } from './entry';
import type { Identity } from './identity';
import { jsonElements } from './json-elements';
import { addressesOf } from './lora-address';
import {
  attributesOf,
  type Item,
  itemsOf,
  type LoraRegistration,
  relationsOf,
  sectionOf,
  statesOf,
  typeOf,
  Unreadable,
} from './lora-object';
import { personBehind } from './lora-person';
import { LoraTitles } from './lora-title';

const GONE: ReadonlySet<unknown> = new Set(['Slettet', 'Passiveret']);

/** The registration that stands. */
function standing(value: Item): Item {
  const { registreringer } = value;
  if (registreringer === undefined) return value;
  const last: unknown = Array.isArray(registreringer)
    ? (registreringer.find(
        (each: unknown) =>
          isObject(each) &&
          isObject(each['tiltidspunkt']) &&
          each['tiltidspunkt']['tidsstempeldatotid'] === 'infinity',
      ) ?? registreringer.at(-1))
    : undefined;
  if (!isObject(last)) throw new Unreadable('objektet har ingen registrering');
  return last;
}

const withoutTasks = ({ opgaver: _, ...rest }: Item): Item => rest;

/** Objects as LoRa and OS2mo have them: answers to searches (`{"results":[[…]]}`), lists, or one object in each file. */
export class LoraSource implements Source {
  readonly form = 'os2mo';
  readonly isClosed = false;
  readonly omissions = new Map<string, number>();
  private readonly titles = new LoraTitles();

  constructor(
    private readonly files: readonly SourceFile[],
    private readonly identity: Identity,
  ) {}

  async *entries(): AsyncIterable<Entry> {
    this.omissions.clear();
    for (const file of this.files)
      for await (const { value, place } of jsonElements(file)) yield* this.entriesOf(value, place);
  }

  private readonly leftOut = (what: string): void => {
    this.omissions.set(what, (this.omissions.get(what) ?? 0) + 1);
  };

  private entriesOf(value: unknown, place: Place): Entry[] {
    const uuid = this.uuidOf(value, place);
    try {
      if (!isObject(value)) throw new Unreadable('her skal stå et objekt');
      const registration = standing(value);
      if (GONE.has(registration['livscykluskode'])) {
        this.leftOut('et objekt, der er slettet eller passiveret');
        return [];
      }
      return this.objectsOf(uuid, place, {
        attributter: sectionOf(registration, 'attributter'),
        tilstande: sectionOf(registration, 'tilstande'),
        relationer: sectionOf(registration, 'relationer'),
      });
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      return [{ place, uuids: [uuid, this.identity('person', uuid)], reason: cause.message }];
    }
  }

  /** Its own, or the file's where the object does not say. */
  private uuidOf(value: unknown, { file, line, column }: Place): string {
    const own = isObject(value) ? (value['id'] ?? value['uuid']) : undefined;
    if (isUuid(own)) return own.toLowerCase();
    const name = basename(file, extname(file));
    return isUuid(name)
      ? name.toLowerCase()
      : this.identity('fil', line + column === 2 ? name : `${name} ${line} ${column}`);
  }

  private objectsOf(uuid: string, place: Place, registration: LoraRegistration): Desired[] {
    const type = typeOf(registration);
    const leftOut = (what: string) => this.leftOut(`${type.name}: ${what}`);
    const egenskaber = attributesOf(type, registration, leftOut);
    this.titles.learn(type, uuid, egenskaber);
    const titled = this.titles.of(type, registration, egenskaber);
    const told = titled
      ? { ...registration, relationer: withoutTasks(registration.relationer) }
      : registration;
    const relationer = relationsOf(type, told, egenskaber, leftOut);
    const before: Desired[] = [];
    const list = registration.relationer['adresser'];
    if (list !== undefined && type.relations['adresser']) {
      const [kind] = itemsOf(registration.relationer['organisatoriskfunktionstype'] ?? [], 'funktionstype');
      const ofFunction = isUuid(kind?.['uuid']) ? kind['uuid'].toLowerCase() : undefined;
      const { items, objects } = addressesOf(
        itemsOf(list, 'adresser'),
        ofFunction,
        place,
        this.identity,
        leftOut,
      );
      relationer['adresser'] = [...items];
      before.push(...objects);
    }
    let attributes: readonly Item[] = titled ?? egenskaber;
    if (type.name === Bruger.name) {
      const behind = personBehind(uuid, registration, place, this.identity);
      relationer['tilknyttedePersoner'] = [...(behind?.tie ?? [])];
      if (behind) before.push(behind.person);
      // OS2mo's brugernavn is the person's name, which is not for everybody to see.
      attributes = egenskaber.map((item) => ({ ...item, brugerNavn: item['brugervendtNoegle'] }));
    }
    const sections = {
      attributter: { egenskaber: attributes },
      tilstande: statesOf(type, registration),
      relationer,
    };
    return [...before, { place, type: type.name, uuid, sections }];
  }
}
