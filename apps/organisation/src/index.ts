export { organisation } from './organisation';
