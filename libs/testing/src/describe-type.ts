import { type Declaration, guardedFields } from '@stoettesystemer/object';
import { access } from './contract/access';
import { bulk } from './contract/bulk';
import { changing } from './contract/changing';
import { Contract, type ContractOptions } from './contract/contract';
import { guardedChanging } from './contract/guarded-changing';
import { guardedReading } from './contract/guarded-reading';
import { searching } from './contract/searching';
import { telling } from './contract/telling';
import { timeTravel } from './contract/time-travel';
import { writing } from './contract/writing';

/**
 * The contract that every declared type must pass, over HTTP against a real database; every answer is held against the
 * OpenAPI document. Called at the top of a spec file, or in a `describe`.
 */
export function describeType(type: Declaration, options: ContractOptions): void {
  describe(`the contract of ${type.name}`, () => {
    const contract = new Contract(type, options);
    beforeAll(() => contract.start());
    afterAll(() => contract.close());
    writing(contract);
    changing(contract);
    timeTravel(contract);
    describe('søg', () => searching(contract));
    bulk(contract);
    access(contract);
    if (guardedFields(type).length > 0)
      describe('what is guarded', () => {
        guardedReading(contract);
        guardedChanging(contract);
      });
    telling(contract);
  });
}
