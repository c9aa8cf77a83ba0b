import { Dataafgraensningstype, Brugersystemrolle } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { PREPARED } from '../spec/prepared';
import { runningAccessControl as start } from '../spec/running-access-control';

for (const type of [Dataafgraensningstype, Brugersystemrolle])
  describeType(type, { start, ...PREPARED[type.name] });
