import { isObject, parseJson } from '@stoettesystemer/server';
import { Refusal } from '@stoettesystemer/object';
import type { DirectoryObjects } from './directory-objects';
import type { Entry, Place, Source, SourceFile } from './entry';
import type { Virkning } from './lora-time';
import { SourceFault } from './source-fault';
import { strictText } from './strict-text';

/** Bytes of a tree; one of 3,000 units and 20,000 people is some 10 MB. */
const LARGEST = 64 * 1024 * 1024;
type Node = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A tree of units, each with its leader, its people and the units under it: what OS2opgavefordeler takes. As it is now. */
export class UnitTreeSource implements Source {
  readonly form = 'enhedstrae';
  readonly isClosed = true;
  readonly omissions = new Map<string, number>();

  constructor(
    private readonly files: readonly SourceFile[],
    private readonly objects: DirectoryObjects,
    /** From when on it is said. */
    private readonly from: string,
    private readonly makesOrganisation: boolean,
  ) {}

  async *entries(): AsyncIterable<Entry> {
    this.omissions.clear();
    const people = new Set<string>();
    for (const file of this.files) {
      const { root, place } = await treeOf(file);
      if (this.makesOrganisation) yield* this.organisation(root, place);
      // A stack, not a recursion: how deep a file goes is for the file to say.
      const waiting: { node: unknown; above: string | null; path: string }[] = [
        { node: root, above: null, path: '' },
      ];
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { node, above, path } = next;
        const refused = (reason: string): Entry => ({ place, reason: `${path || '/'}: ${reason}` });
        if (!isObject(node)) {
          yield refused('her skal stå en enhed');
          continue;
        }
        const [key, navn] = [textOf(node['businessKey']), textOf(node['name'])];
        if (key === null || navn === null) {
          yield refused('enheden mangler businessKey eller name, og alt under den er udeladt');
          continue;
        }
        if (textOf(node['pNumber']) !== null) this.leftOut('pNumber');
        if (textOf(node['esdhId']) !== null) this.leftOut('esdhId');
        yield* this.objects.unit(place, key, [
          { virkning: this.virkning, navn, overordnet: above, adresser: addressesOf(node) },
        ]);
        yield* this.posts(node, key, place, path, people);
        for (const [at, child] of listOf(node['children']).entries())
          waiting.push({ node: child, above: key, path: `${path}/children/${at}` });
      }
    }
  }

  private get virkning(): Virkning {
    return { fra: this.from, til: null };
  }

  private leftOut(what: string): void {
    this.omissions.set(what, (this.omissions.get(what) ?? 0) + 1);
  }

  private *organisation(root: Node, place: Place): Generator<Entry> {
    const [key, navn] = [textOf(root['businessKey']), textOf(root['name'])];
    if (key !== null && navn !== null)
      yield this.objects.organisationOf(place, this.virkning, key, navn, key);
  }

  private *posts(unit: Node, key: string, place: Place, path: string, people: Set<string>): Generator<Entry> {
    const said = [
      ...(isObject(unit['manager']) ? [{ who: unit['manager'], isLeader: true, at: `${path}/manager` }] : []),
      ...listOf(unit['employees']).map((who, at) => ({
        who,
        isLeader: false,
        at: `${path}/employees/${at}`,
      })),
    ];
    for (const { who, isLeader, at } of said) {
      const [person, navn] = isObject(who) ? [textOf(who['businessKey']), textOf(who['name'])] : [null, null];
      if (!isObject(who) || person === null || navn === null) {
        yield { place, reason: `${at}: personen mangler businessKey eller name` };
        continue;
      }
      if (!people.has(person))
        yield* this.objects.person(
          place,
          { bruger: person, navn, adresser: addressesOf(who) },
          this.virkning,
        );
      people.add(person);
      const stilling = textOf(who['jobTitle']) ?? (isLeader ? 'Leder' : 'Medarbejder');
      yield this.objects.post(place, `${key} ${person}${isLeader ? ' leder' : ''}`, [
        { virkning: this.virkning, enhed: key, bruger: person, stilling, isLeader },
      ]);
    }
  }
}

function addressesOf(node: Node): Record<string, string> {
  const [email, phone] = [textOf(node['email']), textOf(node['phone'])];
  return { ...(email === null ? {} : { Email: email }), ...(phone === null ? {} : { Telefon: phone }) };
}

/** The whole of it, for a unit is known with all that is under it; where in the file a unit stands is told by its path. */
async function treeOf(file: SourceFile): Promise<{ root: Node; place: Place }> {
  const place = { file: file.name, line: 1, column: 1 };
  if (file.size > LARGEST) throw new SourceFault('stoerrelse', place, 'Filen er større, end der læses.');
  let text = '';
  for await (const piece of strictText(file)) text += piece;
  if (text.trim() === '') throw new SourceFault('tom', place, 'Filen er tom.');
  let root: unknown;
  try {
    root = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw faultIn(text, file.name, cause);
  }
  if (!isObject(root)) throw new SourceFault('json', place, 'Filen skal have én enhed yderst.');
  return { root, place };
}

/** What parsing says of a character, as a line and a column. */
function faultIn(text: string, file: string, { fejl: [fault] }: Refusal): SourceFault {
  const at = Number(/\(tegn (\d+)\)/.exec(fault?.besked ?? '')?.[1] ?? 1) - 1;
  const before = text.slice(0, at).split('\n');
  const place = { file, line: before.length, column: before.at(-1)!.length + 1 };
  return new SourceFault(fault?.kode ?? 'json', place, (fault?.besked ?? '').replace(/ \(tegn \d+\)/, ''));
}
