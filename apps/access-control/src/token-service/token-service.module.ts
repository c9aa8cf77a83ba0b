import { Module } from '@nestjs/common';

/** Tokens: who gets one, and what it says. */
@Module({})
export class TokenServiceModule {}
