import { organisationTypes } from '@stoettesystemer/model';
import type { ServiceOptions } from '@stoettesystemer/server';
import { DeviationModule } from './deviation/deviation.module';
import { organisationMigrations } from './migrations';
import { additions } from './open-api';
import { ProtectionModule } from './protection/protection.module';
import { ReadsModule } from './reads/reads.module';
import { planSteps } from './reorganisation/plan.rule';
import { ReorganisationModule } from './reorganisation/reorganisation.module';
import { organisationRules } from './rules';
import { SeedModule } from './seed/seed.module';
import { SynchronisationModule } from './synchronisation/synchronisation.module';
import { RegisteredUnits } from './units/registered-units';
import { UnitsModule } from './units/units.module';

/** Organisation: its types, its rules, and what only it can do. */
export const organisation: ServiceOptions = {
  name: 'organisation',
  prefix: 'organisation',
  types: organisationTypes,
  rules: [...organisationRules, planSteps],
  migrations: organisationMigrations,
  modules: [
    DeviationModule,
    ProtectionModule,
    ReadsModule,
    ReorganisationModule,
    SeedModule,
    SynchronisationModule,
    UnitsModule,
  ],
  additions,
  units: (database) => RegisteredUnits.in(database),
};
