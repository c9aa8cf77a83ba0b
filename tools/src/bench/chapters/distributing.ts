import { alone } from '../figure';
import { Installation } from '../installation';
import { inAndOut } from '../distribution/in-and-out';
import { listing } from '../distribution/listing';
import { matching } from '../distribution/matching';
import { pushing } from '../distribution/pushing';
import type { Chapter } from './chapter';

const MEGABYTE = 1_000_000;

/** Beskedfordeler from the sender's request to the receiver's hand. Who may have what Adgangsstyring is asked, as always. */
export const distributing: Chapter = {
  name: 'beskedfordeler',
  async run(bench) {
    const installation = await Installation.open(bench, 'fordeling');
    const distributor = await installation.distributor('beskeder');
    const { rss } = await distributor.server.usage();
    const first = await inAndOut(bench, distributor);
    const { rss: after } = await distributor.server.usage();
    const listed = await listing(bench, distributor);
    await distributor.end();
    const figures = [
      ...first,
      ...(await matching(bench, installation)),
      ...listed,
      ...(await pushing(bench, installation)),
      alone({ name: 'memory of Beskedfordeler when it has started', unit: 'MB' }, [rss / MEGABYTE]),
      alone({ name: 'memory of Beskedfordeler that has taken in and handed out all that', unit: 'MB' }, [
        after / MEGABYTE,
      ]),
    ];
    await installation.end();
    return figures;
  },
};
