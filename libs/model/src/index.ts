export * from './access-control';
export * from './classification';
export * from './message-distribution';
export * from './organisation';
export * from './services';
