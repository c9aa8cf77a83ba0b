import { runningApp } from '@stoettesystemer/testing';
import { messageDistribution } from '../message-distribution';

/** Beskedfordeler as its process runs it, on a database and a port of its own. */
export const runningMessageDistribution = () => runningApp(messageDistribution);
