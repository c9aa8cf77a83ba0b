export { breaks, codeOf, type Result, type Row, type Statement } from './batch';
export { type Context, Database, Transaction } from './database';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded/start-embedded';
export { ensureRoles, ROLES } from './ensure-roles';
export { limits } from './limits';
export { openServer, type Server, type ServerEnvironment } from './open-server';
export { type PoolOptions, poolFor } from './pool-for';
export { serviceDatabase } from './service-database';
