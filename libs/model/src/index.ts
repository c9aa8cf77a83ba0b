export * from './access-control';
export * from './classification';
export * from './services';
