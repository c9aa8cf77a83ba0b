const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

/** Every wait, size and bound of this library, in milliseconds where nothing else is said (R13). */
export const pace = {
  sequencer: {
    /** How soon rows of other processes, which cannot wake it, are found. */
    idle: 100,
    /** Let commits gather after a batch: a hundred batches a second are enough, each costs a flush to disk. */
    linger: 10,
    /** How soon a standby finds that the lock is free. Waiting inside PostgreSQL would hold back vacuum. */
    standby: 500,
    /** Events in one batch. Large, so that a batch stays worth its price when old rows cannot be vacuumed away. */
    batch: 5_000,
    /** How long, past its idle time, a sequencer may say nothing before PostgreSQL ends its session and frees its lock:
     * the kernel keeps the connection of a process that is stopped (SIGSTOP, a frozen container) alive for ever. */
    silence: 10 * SECOND,
    /** After these silences PostgreSQL takes a sequencer for dead and frees its lock. Seconds, seconds, probes. */
    serverKeepAlive: { idle: 5, interval: 2, count: 3 },
  },
  connection: {
    /** Between two attempts; doubled up to the second figure while they fail. */
    firstRetry: 100,
    lastRetry: 5 * SECOND,
    /** A connection that lived this long had nothing wrong with it: the next attempt comes soon again. */
    healthy: 10 * SECOND,
    /** For a polite farewell, before the socket is closed. */
    farewell: 1 * SECOND,
  },
  listener: {
    /** A listening connection says nothing by itself: asked this often whether it is alive, and given this long. */
    heartbeat: 10 * SECOND,
    answer: 5 * SECOND,
  },
  reader: {
    limit: 100,
    mostEvents: 500,
    /** Seconds. */
    longestWait: 25,
    /** Own and common events looked through by one statement: at least twice the page, then larger ones. */
    windows: [200, 1_000, 10_000],
    /** How soon a long poll ends after its token has become invalid, and reads again when notices do not come. */
    recheck: 1 * SECOND,
    /** Between two looks of one long poll that finds nothing for its caller. */
    rest: 50,
  },
  pump: {
    /** Events in one batch, and municipalities whose batches are under way together. */
    batch: 500,
    atOnce: 4,
    /** Between two tries; doubled up to the second figure while they fail, unless the receiver asks for more, up to the third. */
    firstRetry: 500,
    lastRetry: 60 * SECOND,
    longestRetry: 60 * 60 * SECOND,
    /** How soon what nobody was told of is found, and how long what came is gathered before it is looked for. */
    idle: 10 * SECOND,
    rest: 10,
    standby: 500,
    /** How long it may say nothing before PostgreSQL frees its lock: longer than an answer may take. */
    silence: 60 * SECOND,
    /** 'udgi' in ASCII: the first half of the lock, whose second is the destination. */
    lock: 0x75646769,
  },
  retention: { age: 90 * DAY, every: 60 * 60 * SECOND, batch: 5_000 },
} as const;
