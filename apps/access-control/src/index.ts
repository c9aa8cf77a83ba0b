export { accessControl } from './access-control';
export { SigningKeys } from './token-service/signing-keys';
