export * from './ask';
export { ObjectStore, type StoreOptions } from './object-store';
export type { OutlineColumn, OutlineRow } from './outline';
export * from './query';
export * from './rule';
export { migrate, migrations } from './migrate';
export { revise, type Revision, type RevisionOptions } from './revisor';
export type { Finding, Invariant } from './revisor-checks';
export { searchFields, SYSTEM_FIELDS } from './search-field';
