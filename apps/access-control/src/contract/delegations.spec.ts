import { Delegation } from '@stoettesystemer/model';
import { describeType } from '@stoettesystemer/testing';
import { PREPARED } from '../spec/prepared';
import { runningAccessControl as start } from '../spec/running-access-control';

describeType(Delegation, { start, ...PREPARED[Delegation.name] });
