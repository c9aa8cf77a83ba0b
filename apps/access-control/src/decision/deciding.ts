import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@stoettesystemer/engine';
import type { Decision, Question } from './question';

/** Answers questions about access from what is registered: the one place where tokens and explanations ask. */
@Injectable()
export class Deciding {
  constructor(private readonly store: ObjectStore) {}

  decide(_question: Question): Promise<Decision> {
    void this.store;
    return Promise.resolve({
      refused: 'ingen_aftale',
      groups: [],
      void: [],
      agreement: null,
      until: null,
    });
  }
}
