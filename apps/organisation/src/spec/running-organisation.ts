import { runningApp } from '@stoettesystemer/testing';
import { organisation } from '../organisation';
import { SeedModule } from '../seed/seed.module';

/** What is there from the beginning is left out: the specs' municipalities are their own. */
const modules = (organisation.modules ?? []).filter((each) => each !== SeedModule);

/** Organisation as its process runs it, on a database and a port of its own. */
export const runningOrganisation = () => runningApp({ ...organisation, modules });
