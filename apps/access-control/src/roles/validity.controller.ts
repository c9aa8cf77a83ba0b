import { Controller, Get } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Jobfunktionsrolle } from '@stoettesystemer/model';
import { Asking, type Parameters, Query, Route, Uuid } from '@stoettesystemer/server';
import { Validity } from './validity';

const READ = { verb: 'laes', types: [Jobfunktionsrolle] } as const;

/** What has become of roles since they were made (administration §3.2, 7). */
@Controller('v1/jobfunktionsroller')
export class ValidityController {
  constructor(private readonly validity: Validity) {}

  @Get('ugyldige')
  @Route({ may: READ, parameters: ['cursor'] })
  all(@Asking() ask: Ask, @Query() { cursor }: Parameters) {
    return this.validity.all(ask, cursor ?? null);
  }

  @Get(':uuid/gyldighed')
  @Route({ may: READ })
  async one(@Asking() ask: Ask, @Uuid() uuid: string) {
    const fejl = await this.validity.of(ask, uuid);
    return { uuid, gyldig: fejl.length === 0, fejl };
  }
}
