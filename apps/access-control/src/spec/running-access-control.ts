import { runningApp } from '@stoettesystemer/testing';
import { accessControl } from '../access-control';

/** Adgangsstyring as its process runs it, on a database and a port of its own. */
export const runningAccessControl = () => runningApp(accessControl);
