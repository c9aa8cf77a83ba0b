import type { Rule } from '@stoettesystemer/engine';
import type { Settings } from '@stoettesystemer/server';
import { readExceptions } from '../standard-webhooks/receiver-address';
import { mailboxRule } from './mailbox.rule';
import { subscriptionRule } from './subscription.rule';

export const messageDistributionRules = ({ receiverExceptions }: Settings): readonly Rule[] => [
  mailboxRule(readExceptions(receiverExceptions)),
  subscriptionRule,
];
