export { callerOf, privilegesOf } from './caller';
export { testDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database';
export { Journal, Ting } from './thing';
