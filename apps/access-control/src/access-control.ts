import { accessControlTypes } from '@stoettesystemer/model';
import type { ServiceOptions } from '@stoettesystemer/server';
import { AgreementModule } from './agreement/agreement.module';
import { agreementRules } from './agreement/rules';
import { DecisionModule } from './decision/decision.module';
import { LoginModule } from './login/login.module';
import { accessControlMigrations } from './migrations';
import { additions } from './open-api';
import { RevocationModule } from './revocation/revocation.module';
import { RolesModule } from './roles/roles.module';
import { roleRules } from './roles/rules';
import { SeedModule } from './seed/seed.module';
import { TokenServiceModule } from './token-service/token-service.module';

/** Adgangsstyring: agreements and roles, and the tokens and explanations that follow from them. */
export const accessControl: ServiceOptions = {
  name: 'access-control',
  prefix: 'adgangsstyring',
  types: accessControlTypes,
  rules: [...agreementRules, ...roleRules],
  migrations: accessControlMigrations,
  modules: [
    SeedModule,
    DecisionModule,
    AgreementModule,
    RolesModule,
    TokenServiceModule,
    LoginModule,
    RevocationModule,
  ],
  additions,
};
