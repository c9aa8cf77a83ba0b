import { Controller, Delete, Get, HttpCode, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Brugersystemrolle, ItSystem, Jobfunktionsrolle } from '@stoettesystemer/model';
import { Asking, Body, give, Route, type Taken, Uuid } from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { FacingSystems } from './facing-systems';
import { JobFunctionRoles } from './job-function-roles';
import { NotAcceptable } from './not-acceptable';
import type { RoleDto } from './role-dto';
import { roleShape } from './role-shape';

const may = (verb: 'laes' | 'skriv' | 'slet') => ({ may: { verb, types: [Jobfunktionsrolle] } }) as const;
const PATH = '/adgangsstyring/xapi/jobfunktionsroller';

const sent = (reply: FastifyReply, status: number, role: RoleDto): void => {
  const headers = {
    'cache-control': 'private, no-cache',
    ETag: `"${role.version}"`,
    ...(status === 201 ? { Location: `${PATH}/${role.uuid}` } : {}),
  };
  give(reply, { status, headers, body: JSON.stringify(role) });
};

/** The interface of the tools that municipalities have for their roles already (domain §3.2). */
@Controller('xapi/jobfunktionsroller')
@UseInterceptors(NotAcceptable)
export class XapiController {
  constructor(
    private readonly roles: JobFunctionRoles,
    private readonly systems: FacingSystems,
  ) {}

  @Get()
  @Route(may('laes'))
  all(@Asking() ask: Ask) {
    return this.roles.all(ask);
  }

  @Get('brugervendtesystemer')
  @Route({ may: { verb: 'laes', types: [ItSystem] } })
  allSystems(@Asking() ask: Ask) {
    return this.systems.all(ask);
  }

  @Get('brugervendtesystemer/:uuid/roller')
  @Route({ may: { verb: 'laes', types: [Brugersystemrolle] } })
  rolesOf(@Asking() ask: Ask, @Uuid() uuid: string) {
    return this.systems.roles(ask, uuid);
  }

  @Get(':uuid')
  @Route(may('laes'))
  async one(@Asking() ask: Ask, @Uuid() uuid: string, @Res() reply: FastifyReply) {
    sent(reply, 200, await this.roles.one(ask, uuid));
  }

  @Post()
  @Route(may('skriv'))
  async create(@Asking() ask: Ask, @Body(roleShape) { value }: Taken<RoleDto>, @Res() reply: FastifyReply) {
    sent(reply, 201, await this.roles.create(ask, value));
  }

  @Put(':uuid')
  @Route(may('skriv'))
  async replace(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(roleShape) { value }: Taken<RoleDto>,
    @Res() reply: FastifyReply,
  ) {
    sent(reply, 200, await this.roles.replace(ask, uuid, value));
  }

  @Delete(':uuid')
  @HttpCode(204)
  @Route(may('slet'))
  async remove(@Asking() ask: Ask, @Uuid() uuid: string) {
    await this.roles.remove(ask, uuid);
  }
}
