import { Controller, Get } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Facet, Klasse, Klassifikation } from '@stoettesystemer/model';
import {
  AS_OF,
  Asking,
  At,
  flagOf,
  integerOf,
  type Parameters,
  Query,
  Route,
  Uuid,
} from '@stoettesystemer/server';
import { type TreeOptions, TreeReader } from '../tree/tree-reader';

const DEEPEST = 20;
const PARAMETERS = ['dybde', 'alle', ...AS_OF];

function optionsOf(parameters: Parameters): TreeOptions {
  const depth = integerOf(parameters, 'dybde', 1, DEEPEST) ?? DEEPEST;
  return { depth, unpublished: flagOf(parameters, 'alle') };
}

const reads = (...types: (typeof Klasse | typeof Facet | typeof Klassifikation)[]) =>
  ({ may: { verb: 'laes', types }, parameters: PARAMETERS }) as const;

/** Trees of published classes, or of all with `alle=true`, at any point of both times. */
@Controller('v1')
export class TreeController {
  private readonly reader: TreeReader;

  constructor(store: ObjectStore) {
    this.reader = new TreeReader(store);
  }

  @Get('klassifikationer/:uuid/trae')
  @Route(reads(Klassifikation))
  async ofKlassifikation(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @At() at: AsOf,
  ) {
    return { uuid, facetter: await this.reader.ofKlassifikation(ask, uuid, at, optionsOf(parameters)) };
  }

  @Get('facetter/:uuid/trae')
  @Route(reads(Facet))
  ofFacet(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() at: AsOf) {
    return this.reader.ofFacet(ask, uuid, at, optionsOf(parameters));
  }

  @Get('klasser/:uuid/trae')
  @Route(reads(Klasse))
  ofKlasse(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() at: AsOf) {
    return this.reader.ofKlasse(ask, uuid, at, optionsOf(parameters));
  }
}
