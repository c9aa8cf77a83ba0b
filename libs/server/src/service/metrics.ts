import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads (O12): by route template, never by address, so that no value becomes a label. */
export class Metrics {
  readonly registry = new Registry();
  private readonly duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte in to the last byte out',
    labelNames: ['service', 'method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [this.registry],
  });
  private readonly readers: (() => Promise<void>)[] = [];
  /** Looking up labels costs more than counting. */
  private readonly counters = new Map<string, Histogram.Internal<string>>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  observe(service: string, method: string, route: string, status: number, ms: number): void {
    const name = `${service} ${method} ${route} ${status}`;
    let counter = this.counters.get(name);
    if (!counter) {
      counter = this.duration.labels({ service, method, route, status: String(status) });
      this.counters.set(name, counter);
    }
    counter.observe(ms / 1000);
  }

  /** A number that is asked for when somebody reads; one name may be followed in several services. */
  follow(name: string, help: string, service: string, read: () => number | Promise<number>): void {
    const known = this.registry.getSingleMetric(name) as Gauge | undefined;
    const gauge = known ?? new Gauge({ name, help, labelNames: ['service'], registers: [this.registry] });
    this.readers.push(async () => gauge.set({ service }, await read()));
  }

  async text(): Promise<string> {
    await Promise.all(this.readers.map((read) => read()));
    return this.registry.metrics();
  }
}

/** Serves the metrics on a port of their own, which the ingress does not know (O11). */
export function serveMetrics(metrics: Metrics, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}
