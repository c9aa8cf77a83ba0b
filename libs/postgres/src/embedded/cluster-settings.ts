import { totalmem } from 'node:os';

/** Megabytes that the server keeps of its tables itself: an eighth of the machine, and no more than a demo needs. */
const cache = (): number => Math.min(1024, Math.max(128, Math.floor(totalmem() / 2 ** 20 / 8)));

/**
 * What a new cluster has in its postgresql.conf, where an operator may change it. PostgreSQL's own defaults are for the
 * smallest machine that it runs on. A checkpoint makes the next change of every page costly, so they are far between;
 * recovery after a crash reads no more than `max_wal_size`.
 */
export const clusterSettings = (): string[] => [
  `shared_buffers=${cache()}MB`,
  'max_wal_size=4GB',
  'checkpoint_timeout=15min',
  // Statements here are short, and compiling one takes longer than running it.
  'jit=off',
];
