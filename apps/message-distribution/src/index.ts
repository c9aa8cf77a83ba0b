export { Couriers } from './delivery/couriers';
export type { Outcome, Outgoing, OutgoingMailbox, Transport } from './delivery/outgoing';
export { messageDistribution } from './message-distribution';
