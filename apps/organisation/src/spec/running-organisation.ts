import { runningApp } from '@stoettesystemer/testing';
import { organisation } from '../organisation';

/** Organisation as its process runs it, on a database and a port of its own. */
export const runningOrganisation = () => runningApp(organisation);
