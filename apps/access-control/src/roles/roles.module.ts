import { Module } from '@nestjs/common';

/** Jobfunktionsroller for the tools that municipalities already have, and delegations. */
@Module({})
export class RolesModule {}
