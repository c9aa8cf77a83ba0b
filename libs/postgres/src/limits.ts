const SECOND = 1000;

/** Every wait, size and bound of this library, in milliseconds where nothing else is said. */
export const limits = {
  /** What a session promises the others: nobody waits long for a lock, and nobody holds one without working. */
  session: {
    /** A writer that meets another's lock answers 409 well before its client gives up. */
    lockTimeout: 3 * SECOND,
    /** As long as the HTTP server lets a request live. */
    statementTimeout: 30 * SECOND,
    /** A process that stops between two statements must not hold an object for the whole municipality. */
    idleInTransactionTimeout: 10 * SECOND,
    /** Added to the statement timeout before the client gives up itself: only a dead network gets that far. */
    networkGrace: 5 * SECOND,
  },
  transaction: {
    /** After a deadlock or a serialization failure; the third failure is the client's to know. */
    tries: 3,
    /** The longest pause before the second try, twice that before the third. Without one the loser of a deadlock gets
     * back its first row before the winner has woken up, and they meet again. */
    pause: 30,
  },
  pool: {
    /** Connections of one service. More than this on a few cores costs throughput; six services fit in 100. */
    size: 10,
    /** The wait for a free or a new connection, after which the answer is 503. */
    connectTimeout: 5 * SECOND,
    /** Kept over a quiet minute, so that the next request finds its statements prepared. */
    idleTimeout: 60 * SECOND,
    /** The first sign of life asked of a silent connection; a firewall forgets quiet ones after minutes. */
    keepAliveDelay: 10 * SECOND,
  },
  /** Small reads that share round trips. */
  gathering: {
    /** In one round trip at most: none waits longer than for so many of its like. */
    most: 16,
    /** Round trips of one kind at a time, before others wait for company; two, so that the database never waits for us. */
    underway: 2,
    /** Milliseconds for each, above which a statement is not small; a busy machine makes every one of them slow. */
    quick: 10,
    /** Texts whose cost is remembered. */
    texts: 1_000,
  },
  /** One-off connections: adoption, roles, databases. */
  administration: { connectTimeout: 5 * SECOND, roleAttempts: 5 },
  embedded: {
    /** All services of one checkout and its command lines together. */
    maxConnections: 200,
    /** Recovery after a crash replays the whole log since the last checkpoint. */
    startTimeout: 120 * SECOND,
    /** A fast shutdown writes a checkpoint; after this the server is told to drop everything, and recovers later. */
    stopTimeout: 30 * SECOND,
    poll: 10,
    lockPoll: 50,
    /** A lock file without a name in it belongs to a process that died between making and writing it. */
    namelessLock: 5 * SECOND,
    /** How soon a killed server is noticed and started again by a process that uses it. */
    watch: 1 * SECOND,
    /** The server's log is set aside at a start when it has grown past this (bytes). */
    logSize: 10 * 1024 * 1024,
    /** Another process may take a port between our finding it free and the server's binding it. */
    portAttempts: 10,
  },
} as const;
