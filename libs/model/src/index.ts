export * from './access-control';
export * from './classification';
