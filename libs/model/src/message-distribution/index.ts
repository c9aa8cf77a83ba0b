import { DELIVERIES, Dueslag, ENVELOPES, MAILBOX_STATES } from './mailbox';
import { Besked } from './message';
import { Abonnement } from './subscription';
import { Vaerdiliste } from './value-list';

export { Abonnement, Besked, DELIVERIES, Dueslag, ENVELOPES, MAILBOX_STATES, Vaerdiliste };
export const messageDistributionTypes = [Dueslag, Abonnement, Vaerdiliste] as const;
