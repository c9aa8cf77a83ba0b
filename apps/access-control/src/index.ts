export { accessControl } from './access-control';
