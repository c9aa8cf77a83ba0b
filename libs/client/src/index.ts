export { type Answer, type Ask, Client, type ClientOptions } from './client';
export { type Event, registrationNumber } from './event';
export { Feed, type FeedPage, type FeedPlace, type FeedState, PlaceLost } from './feed';
export { Inbox, type InboxOptions, inboxSchema, type Session, type Sessions, type Taken } from './inbox';
export { type Consuming, type Lease, Mailbox, Rejected } from './mailbox';
export { type AsOf, type Change, Objects, type Registered, type Said, type Search } from './objects';
export { NoAnswer, Problem } from './problem';
export { Untrusted, Webhook, type WebhookHeaders } from './webhook';
