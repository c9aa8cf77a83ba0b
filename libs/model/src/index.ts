export * from './access-control';
export * from './classification';
export * from './organisation';
export * from './services';
