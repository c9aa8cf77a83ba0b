export * from './audit';
export * from './caller';
export {
  DEMO_CLIENTS,
  DEMO_OWNERS,
  DEMO_SYSTEMS,
  DEMO_UNIT,
  demoEmployee,
  type DemoSystem,
} from './development/demo-system';
export {
  DevelopmentIssuer,
  type DevelopmentIssuerOptions,
  type TokenWish,
} from './development/development-issuer';
export { DEVELOPMENT_ISSUER } from './development/name';
export { developmentKeysFile, privateKeyIn, publicHalf } from './development/signing-key';
export { Limiter, type Rate } from './limiter';
export { pseudonymise } from './pseudonym';
export { abilitiesOf, allows, hasUser, holds, holdsPrivilege } from './right/ability';
export { type Bind, conditionFor, type ConditionOn } from './right/condition';
export { maySee } from './right/may-see';
export { isPermission } from './right/permission';
export { type Dimension, LEVELS } from './right/restriction';
export type { Owned, ScopeEntry } from './right/row';
export { type UnitTree, type UnitTrees, withUnits } from './right/unit-trees';
export { AccessTokenStrategy, strategyName } from './token/access-token.strategy';
export { certificateOf, type TrustedProxies } from './token/certificate';
export { clientAddressOf } from './token/client-address';
export { DenyList } from './token/deny-list';
export { KeySource, type KeySourceOptions } from './token/key-source';
export type { TokenRequest } from './token/presented';
export {
  type ConstraintName,
  dimensionsOf,
  PRIVILEGE_TYPE,
  Privileges,
  type RequiredRestrictions,
} from './token/privileges';
export { DatabaseReplayStore, dpopSchema, type ReplayStore } from './token/replay-store';
export {
  type Revocation,
  type RevocationNews,
  REVOCATIONS_AUDIENCE,
  REVOCATIONS_TYPE,
} from './token/revocation';
export { RevocationSource, type RevocationSourceOptions } from './token/revocation-source';
export { audienceOf, type Profile, TokenVerifier, type TokenVerifierOptions } from './token/token-verifier';
export { Turns } from './turns';
