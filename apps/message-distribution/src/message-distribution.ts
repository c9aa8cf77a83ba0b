import { Besked, messageDistributionTypes } from '@stoettesystemer/model';
import type { ServiceOptions } from '@stoettesystemer/server';
import { AmqpModule } from './amqp/amqp.module';
import { AuthorisationModule } from './authorisation/authorisation.module';
import { MailboxModule } from './mailbox/mailbox.module';
import { MatchingModule } from './matching/matching.module';
import { MessageModule } from './message/message.module';
import { messageDistributionMigrations } from './migrations';
import { additions } from './open-api';
import { PushModule } from './push/push.module';
import { messageDistributionRules } from './rules';
import { TrialModule } from './trial/trial.module';
import { UpkeepModule } from './upkeep/upkeep.module';
import { ValueListModule } from './value-list/value-list.module';

/** Beskedfordeler: takes messages in, finds those who want and may have them, and delivers. */
export const messageDistribution: ServiceOptions = {
  name: 'message-distribution',
  prefix: 'beskedfordeler',
  types: messageDistributionTypes,
  passing: [Besked],
  unpublished: true,
  rules: messageDistributionRules,
  migrations: messageDistributionMigrations,
  modules: [
    AuthorisationModule,
    MessageModule,
    MatchingModule,
    MailboxModule,
    TrialModule,
    UpkeepModule,
    ValueListModule,
    AmqpModule,
    PushModule,
  ],
  additions,
};
