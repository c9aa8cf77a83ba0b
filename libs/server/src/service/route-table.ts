interface Entry {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Which methods each address takes: what a 405 and OPTIONS answer. */
export class RouteTable {
  private readonly entries = new Map<string, Entry>();

  add(url: string, methods: string | readonly string[]): void {
    let entry = this.entries.get(url);
    if (!entry) {
      const pattern = new RegExp(
        `^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}$`,
      );
      this.entries.set(url, (entry = { pattern, methods: new Set(['OPTIONS']) }));
    }
    for (const method of [methods].flat()) entry.methods.add(method);
  }

  /** `GET /klassifikation/v1/klasser/:uuid`, and so on. */
  list(): string[] {
    return [...this.entries].flatMap(([url, { methods }]) =>
      [...methods].map((method) => `${method} ${url}`),
    );
  }

  /** Empty when there is no such address. */
  methodsOf(url: string): string[] {
    const [path = ''] = url.split('?', 1);
    const found = [...this.entries.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}
