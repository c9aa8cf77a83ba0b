import { organisationTypes } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { runningOrganisation as start } from './spec/running-organisation';

for (const type of organisationTypes) describeType(type, { start });
