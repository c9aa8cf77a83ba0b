import { Controller, Get } from '@nestjs/common';
import { type Ask, Cursors, ObjectStore } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import { isUuid, malformed, now } from '@stoettesystemer/object';
import { asOf, Asking, integerOf, limits, type Parameters, Query, Route } from '@stoettesystemer/server';
import { type Deviation, Deviations, placeOf, type Wish } from './deviations';

const inJson = ({ law, objekttype, uuid, om }: Deviation) => ({
  regel: law.regel,
  kode: law.kode,
  niveau: law.niveau,
  objekttype,
  uuid,
  om,
  sti: law.sti,
  besked: law.besked,
});

const oneOf = <T extends string>(parameters: Parameters, name: string, values: readonly T[]): T | null => {
  const value = parameters[name];
  if (value === undefined) return null;
  const known = values.find((each) => each === value);
  if (known === undefined) throw malformed('vaerdi', `?${name}`, `Skal være en af ${values.join(', ')}.`);
  return known;
};

const uuidOf = (parameters: Parameters, name: string): string | null => {
  const value = parameters[name];
  if (value === undefined) return null;
  if (!isUuid(value)) throw malformed('uuid', `?${name}`, 'Skal være en UUID.');
  return value.toLowerCase();
};

/** What is registered against the rules. */
@Controller('v1/afvigelser')
export class DeviationController {
  constructor(
    private readonly deviations: Deviations,
    private readonly store: ObjectStore,
  ) {}

  @Get()
  @Route({
    may: { verb: 'laes', types: organisationTypes },
    parameters: ['niveau', 'regel', 'objekt', 'enhed', 'virkningstid', 'limit', 'cursor'],
    searches: true,
  })
  async list(@Asking() { caller }: Ask, @Query() parameters: Parameters) {
    const { virkning } = asOf(parameters);
    const question = {
      niveau: oneOf(parameters, 'niveau', ['regel', 'raad']) ?? 'regel',
      regel: oneOf(parameters, 'regel', ['1', '2', '3', '4', '5', '6', '7']),
      objekt: uuidOf(parameters, 'objekt'),
      enhed: uuidOf(parameters, 'enhed'),
      virkningstid: parameters['virkningstid'] ?? null,
    } as const;
    const limit = integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;
    const cursors = new Cursors(this.store.options.secret, caller, () => ['afvigelser', question]);
    const { cursor } = parameters;
    const place = cursor === undefined ? null : cursors.read(cursor);
    const said = typeof virkning === 'object' && 'at' in virkning ? virkning.at : now();
    const moment = place?.now ?? said;
    const after = (place?.keys ?? null) as Wish['after'];
    const found = await this.deviations.find(caller, { ...question, moment, limit: limit + 1, after });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(inJson),
      naeste: last ? cursors.write({ now: moment, keys: placeOf(last) }) : null,
    };
  }
}
