export { organisation } from './organisation';
export { difference } from './synchronisation/differ/difference';
export { type Desired, type Entry, isRefused, type Place, type Source } from './synchronisation/source/entry';
export { runsOf } from './synchronisation/source/identity';
export {
  filesAt,
  formOfAll,
  isSnapshot,
  openSource,
  type SourceOptions,
} from './synchronisation/source/open-source';
export { placeText } from './synchronisation/source/source-fault';
export { inOrder, ofOrganisation, survey, type Survey } from './synchronisation/source/survey';
export { isOfKlassifikation } from './synchronisation/source/writing-order';
