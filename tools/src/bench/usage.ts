/** What a process has used since it started. */
export interface Usage {
  /** Microseconds of processor time, user and system. */
  readonly cpu: number;
  /** Bytes that it occupies. */
  readonly rss: number;
}

export function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, rss: process.memoryUsage.rss() };
}
