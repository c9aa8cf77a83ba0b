import { DEMO_CLIENTS } from '@stoettesystemer/access';
import { Abonnement, messageDistributionTypes } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { Receiver } from './spec/receiver';
import { runningMessageDistribution as start } from './spec/running-message-distribution';

const to = (uuid: string) => [{ virkning: { fra: '2000-01-01T00:00:00Z', til: null }, reference: { uuid } }];

for (const type of messageDistributionTypes)
  describeType(type, {
    start,
    // Another system's is not the caller's to make, and a subscription is to a dueslag that is there.
    prepare: async (service, body) => {
      body.relationer['anvendersystem'] = to(DEMO_CLIENTS['demo-fagsystem']!);
      if (type === Abonnement) body.relationer['dueslag'] = to(await new Receiver(service).bareMailbox());
      // Not every address that has the form is one that messages may be sent to.
      for (const each of body.attributter['egenskaber'] ?? [])
        if (each['modtager'] !== undefined) each['modtager'] = 'https://modtager.example/beskeder';
    },
    bound: ['anvendersystem', 'dueslag'],
  });
