import { type Declaration, isUuid, malformed, Refusal } from '@stoettesystemer/object';
import { organisationTypes } from '@stoettesystemer/model';
import { ImportLines, isObject, parseJson, type StreamLine } from '@stoettesystemer/server';
import type { Sections } from '../differ/difference';
import { turnOf } from '../source/writing-order';
import type { Wanted } from './writer';

/** A line of what is sent: an object, one that the sender could not make an object of, or the end. */
export type RunLine =
  | { readonly kind: 'wanted'; readonly wanted: Wanted }
  | { readonly kind: 'withheld'; readonly uuids: readonly string[] }
  | { readonly kind: 'end'; readonly count: number }
  | {
      readonly kind: 'refused';
      readonly line: number;
      readonly uuid: string | null;
      readonly refusal: Refusal;
    };

/** A line that is about no object is short. */
const SHORT = 1000;

/** What a directory tells of: the model's types but for those of the service itself. */
export const SYNCHRONISED: readonly Declaration[] = organisationTypes.filter(({ name }) => turnOf(name) >= 0);

const types = new Map(SYNCHRONISED.map((type) => [type.name, type]));
const lines = new ImportLines(SYNCHRONISED);

function control(bytes: Buffer): RunLine | null {
  if (bytes.length > SHORT) return null;
  let value: unknown;
  try {
    value = parseJson(bytes.toString('utf8'));
  } catch (cause) {
    if (cause instanceof Refusal) return null;
    throw cause;
  }
  if (!isObject(value)) return null;
  const { slut, antal, udeladt } = value;
  if (slut === true && Number.isInteger(antal)) return { kind: 'end', count: Number(antal) };
  if (Array.isArray(udeladt) && udeladt.every(isUuid))
    return { kind: 'withheld', uuids: udeladt.map((uuid) => uuid.toLowerCase()) };
  return null;
}

/** Whose line it is, where that can be told. */
function ownerOf(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    const uuid = isObject(value) ? value['uuid'] : undefined;
    return isUuid(uuid) ? uuid.toLowerCase() : null;
  } catch {
    return null;
  }
}

export function runLine(line: StreamLine): RunLine {
  const { bytes, number } = line;
  const other = bytes === null ? null : control(bytes);
  if (other) return other;
  try {
    const { type, uuid, input } = lines.item(line);
    if (uuid === undefined) throw malformed('paakraevet', '/uuid', 'Linjen skal have en uuid.');
    const { attributter, tilstande, relationer } = input;
    const sections: Sections = {
      ...(attributter ? { attributter } : {}),
      ...(tilstande ? { tilstande } : {}),
      ...(relationer ? { relationer } : {}),
    };
    return {
      kind: 'wanted',
      wanted: { line: number, type: types.get(type)!, uuid: uuid.toLowerCase(), sections },
    };
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return { kind: 'refused', line: number, uuid: ownerOf(bytes), refusal: cause };
  }
}
