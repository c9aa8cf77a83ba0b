import { organisationTypes } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { runningOrganisation } from './spec/running-organisation';
import { letBeTolerant } from './spec/tolerance';

// Any object that the declaration takes: what the rules say of it has specs of its own.
const start = async () => letBeTolerant(await runningOrganisation());

// What only a command may write.
const WITHOUT: Readonly<Record<string, readonly string[]>> = { Omorganisering: ['status', 'registreret'] };

for (const type of organisationTypes) describeType(type, { start, without: WITHOUT[type.name] ?? [] });
