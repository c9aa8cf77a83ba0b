import type { Heard, Lane } from '@stoettesystemer/feed';

/** Messages get their order as registrations do, by the same sequencer. */
export const MESSAGES: Lane = {
  outbox: 'message_outbox',
  feed: 'message_feed',
  state: 'message_state',
  carries: ['number'],
  // 'besk' in ASCII.
  lock: 0x6265736b,
  channel: 'message',
};

/** Notices of messages that have got their places. */
export const PLACED: Heard = {
  channel: MESSAGES.channel,
  reached: 'select last_pos as last from message_state',
};
