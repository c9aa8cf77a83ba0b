export * from './declaration';
export * from './facets';
export * from './field';
export * from './guarded-field';
export * from './instant';
export * as period from './period';
export type { Period } from './period';
export * from './reference';
export * from './refusal';
