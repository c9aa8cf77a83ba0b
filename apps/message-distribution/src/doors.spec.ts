import { randomUUID } from 'node:crypto';
import { openApi } from '@stoettesystemer/server';
import { describeDoors } from '@stoettesystemer/testing';
import { messageDistribution } from './message-distribution';
import { additions } from './open-api';
import { Receiver } from './spec/receiver';
import { runningMessageDistribution } from './spec/running-message-distribution';

const { prefix: service, types } = messageDistribution;

describeDoors('Beskedfordeler', {
  document: openApi({ service, title: 'Beskedfordeler' }, types, additions),
  start: runningMessageDistribution,
  free: ['tilstand'],
  privileges: ['besked:laes', 'besked:skriv'],
  objects: async (running) => {
    const us = new Receiver(running);
    const mailbox = await us.bareMailbox();
    return { dueslag: mailbox, abonnementer: await us.subscribe(mailbox), vaerdilister: await us.list() };
  },
  bodies: {
    kvitterForBeskeder: { krav: randomUUID() },
    gensendFejlede: { alle: true },
    kasserFejlede: { alle: true },
    genafspil: { fra: 1 },
    retVaerdier: {},
    proevFiltre: { filtre: [], besked: {} },
  },
});
