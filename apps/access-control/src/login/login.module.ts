import { Module } from '@nestjs/common';

/** People: their municipality's IdP says who they are. */
@Module({})
export class LoginModule {}
