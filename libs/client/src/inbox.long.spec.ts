import { expectOneEffect } from './spec/deliveries';

test('10,000 deliveries, doubled, out of order and played again: one effect, and the final state is right (T81)', () =>
  expectOneEffect(10_000));
