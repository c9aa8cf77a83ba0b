export { describeDoors, type DoorsOptions } from './describe-doors';
export { describeOperations, type SiegeOptions } from './describe-operations';
export { HOSTILE_TEXTS } from './letters';
export type { Besieged } from './siege';
