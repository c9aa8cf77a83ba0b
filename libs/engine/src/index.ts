export * from './ask';
export { ObjectStore, type StoreOptions } from './object-store';
export type { OutlineColumn, OutlineRow } from './outline';
export * from './query';
export * from './rule';
export { migrate, migrations } from './migrate';
export { searchFields, SYSTEM_FIELDS } from './search-field';
