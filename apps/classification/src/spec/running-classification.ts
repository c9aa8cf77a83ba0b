import { runningApp } from '@stoettesystemer/testing';
import { classification } from '../classification';

/** Klassifikation as its process runs it, on a database and a port of its own. */
export const runningClassification = () => runningApp(classification);
