import { Global, Module } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Revocations } from '../revocation/revocations';
import { AuthorizationServer } from './authorization-server';
import { Authorizing } from './authorizing';
import { ClientAttempts } from './client-attempts';
import { ClientRegister } from './client-register';
import { Interactions } from './interactions';
import { LoginRegister } from './login-register';
import { SigningKeys } from './signing-keys';
import { TokenExchange } from './token-exchange';
import { TokenJournal } from './token-journal';
import { TokenRoutes } from './token-routes';
import { TokenStore } from './token-store';

/** Tokens: who gets one, and what it says. */
@Global()
@Module({
  providers: [
    {
      provide: SigningKeys,
      inject: [SURROUNDINGS],
      useFactory: ({ settings }: Surroundings) => SigningKeys.open({ directory: settings.dataDir }),
    },
    TokenStore,
    ClientRegister,
    ClientAttempts,
    Revocations,
    LoginRegister,
    TokenJournal,
    Authorizing,
    TokenExchange,
    AuthorizationServer,
    Interactions,
    TokenRoutes,
  ],
  exports: [SigningKeys, Interactions, LoginRegister],
})
export class TokenServiceModule {}
