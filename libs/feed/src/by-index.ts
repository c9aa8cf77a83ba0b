import type { Statement } from '@stoettesystemer/postgres';

/**
 * Goes before a statement on the feed, in its transaction. Left to itself PostgreSQL plans a prepared statement for the
 * feed as it was then, to read all of it while it is short, and keeps to that plan until statistics are gathered again.
 */
export const byIndex: Statement = {
  name: 'feed-by-index',
  text: `select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`,
};
