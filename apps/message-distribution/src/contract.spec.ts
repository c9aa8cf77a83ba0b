import { DEMO_CLIENTS } from '@stoettesystemer/access';
import { messageDistributionTypes } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { runningMessageDistribution as start } from './spec/running-message-distribution';

const ITS_OWN = {
  virkning: { fra: '2000-01-01T00:00:00Z', til: null },
  reference: { uuid: DEMO_CLIENTS['demo-fagsystem']! },
};

for (const type of messageDistributionTypes)
  describeType(type, {
    start,
    // Another system's is not the caller's to make.
    prepare: (_, body) => {
      body.relationer['anvendersystem'] = [ITS_OWN];
    },
    bound: ['anvendersystem'],
  });
