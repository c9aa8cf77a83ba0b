export * from './ask';
export { AuditChainer, type AuditChainerOptions } from './audit-chain/audit-chainer';
export { type AuditCheck, type AuditCheckOptions, checkAudit } from './audit-chain/audit-check';
export type { AuditFinding } from './audit-chain/audit-finding';
export type { RootOptions } from './audit-chain/audit-roots';
export { publicJwk, publicRootKeys, rootKey } from './audit-chain/root-key';
export {
  type LogPage,
  type LogQuery,
  SecurityLog,
  type SecurityLogOptions,
  type SignedRoot,
} from './audit-chain/security-log';
export { ObjectStore, type StoreOptions } from './object-store';
export type { OutlineColumn, OutlineRow } from './outline';
export * from './query';
export * from './rule';
export { migrate, type Migration, migrations } from './migrate';
export { checkRowSecurity } from './row-security';
export { revise, type Revision, type RevisionOptions } from './revisor';
export type { Finding, Invariant } from './revisor-checks';
export { searchFields, SYSTEM_FIELDS } from './search-field';
export { Cursors } from './cursor';
export { Binder } from './statement';
export { fieldCode } from './term';
