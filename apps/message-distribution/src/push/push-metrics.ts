import type { Metrics } from '@stoettesystemer/server';
import { Histogram } from 'prom-client';
import type { Outcome } from '../delivery/outgoing';

const NAME = 'push_call_duration_seconds';

/** Calls to receivers: how many, what became of them, how long they took. Nothing that says which. */
export class PushMetrics {
  private readonly calls: Histogram<'outcome'>;

  constructor(
    private readonly metrics: Metrics,
    private readonly service = 'beskedfordeler',
  ) {
    const known = metrics.registry.getSingleMetric(NAME) as Histogram<'outcome'> | undefined;
    this.calls =
      known ??
      new Histogram({
        name: NAME,
        help: 'Calls of receivers, from the lookup of their name until their answer',
        labelNames: ['outcome'],
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
        registers: [metrics.registry],
      });
  }

  observe(outcome: Outcome['kind'], ms: number): void {
    this.calls.observe({ outcome }, ms / 1000);
  }

  /** @param read of receivers that are taken as down */
  followHeld(read: () => number): void {
    this.metrics.follow(
      'push_receivers_down',
      'Receivers that only single tries are made at',
      this.service,
      read,
    );
  }

  /** @param read of receivers that have not allowed it */
  followUnallowed(read: () => number): void {
    this.metrics.follow(
      'push_receivers_not_allowed',
      'Receivers that have not said that they want messages',
      this.service,
      read,
    );
  }
}
