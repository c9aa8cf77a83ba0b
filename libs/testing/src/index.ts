export { runningApp } from './running-app';
export { arbitraryObject } from './arbitrary-object';
export { callerOf, privilegesOf } from './caller';
export type { Body, Item, Registered } from './contract/body';
export type { ContractOptions } from './contract/contract';
export { describeType } from './describe-type';
export {
  type Besieged,
  describeDoors,
  describeOperations,
  type DoorsOptions,
  HOSTILE_TEXTS,
  type SiegeOptions,
} from './hostile';
export {
  type Answer,
  type Opened,
  runningService,
  type RunningService,
  type RunningServiceOptions,
  type Sent,
} from './running-service';
export { hasRabbitMq, rabbitMq, type RabbitMq } from './rabbitmq';
export { testDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database';
export { Journal, Menneske, Ting } from './thing';
