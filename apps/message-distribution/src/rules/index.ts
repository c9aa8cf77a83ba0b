import type { Rule } from '@stoettesystemer/engine';
import { mailboxRule } from './mailbox.rule';
import { subscriptionRule } from './subscription.rule';

export const messageDistributionRules: readonly Rule[] = [mailboxRule, subscriptionRule];
