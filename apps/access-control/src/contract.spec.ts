import { accessControlTypes } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { runningAccessControl as start } from './spec/running-access-control';

for (const type of accessControlTypes) describeType(type, { start });
