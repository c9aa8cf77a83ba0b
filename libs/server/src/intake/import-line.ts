import type { BulkItem, FormerRegistration, ObjectInput } from '@stoettesystemer/engine';
import { type Declaration, malformed, Refusal } from '@stoettesystemer/object';
import { limits } from '../settings';
import { checked } from './checked';
import { type InputClasses, inputClasses } from './input-class';
import { decodeUtf8, parseJson } from './json';
import type { Line } from './lines';
import { isObject } from './shape';

interface Named extends ObjectInput {
  readonly uuid?: string;
}
interface Chronicle {
  readonly uuid?: string;
  readonly registreringer: readonly FormerRegistration[];
}

const tooLong = (): Refusal =>
  new Refusal(413, 'for_stort', `En linje må højst fylde ${limits.import.lineSize / 1024} KiB.`, {
    fejl: [{ sti: '', kode: 'for_stort', besked: 'Linjen er for lang.' }],
  });

/** Takes the lines of an import in, by the classes of whichever type each line says it is. */
export class ImportLines {
  private readonly classes: ReadonlyMap<string, InputClasses>;

  constructor(types: readonly Declaration[]) {
    this.classes = new Map(types.map((type) => [type.name, inputClasses(type)]));
  }

  /** @throws Refusal for a line that will not do; the others are not touched by it. */
  item({ number, bytes }: Line): BulkItem {
    if (bytes === null) throw tooLong();
    const body = parseJson(decodeUtf8(bytes));
    const type = isObject(body) ? body['objekttype'] : undefined;
    const classes = typeof type === 'string' ? this.classes.get(type) : undefined;
    if (typeof type !== 'string' || !classes)
      throw malformed(
        'objekttype',
        '/objekttype',
        `Skal være en af: ${[...this.classes.keys()].join(', ')}.`,
      );
    if (isObject(body) && body['registreringer'] !== undefined) {
      const { uuid, registreringer: history } = checked<Chronicle>(classes.history, body);
      return { line: number, type, ...(uuid === undefined ? {} : { uuid }), input: {}, history };
    }
    const { uuid, ...input } = checked<Named>(classes.line, body);
    return { line: number, type, ...(uuid === undefined ? {} : { uuid }), input };
  }
}
