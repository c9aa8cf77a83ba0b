import { Global, Module } from '@nestjs/common';
import { Couriers } from '../delivery/couriers';
import { Leases } from '../delivery/leases';
import { MessageModule } from '../message/message.module';
import { DeadLetters } from './dead-letters';
import { MailboxState } from './mailbox-state';
import { MailboxController } from './mailbox.controller';
import { Mailboxes } from './mailboxes';
import { Pull } from './pull';
import { Replays } from './replays';
import { Waiting } from './waiting';

/** Dueslag, and what comes out of them. */
@Global()
@Module({
  imports: [MessageModule],
  controllers: [MailboxController],
  providers: [Couriers, DeadLetters, Leases, Mailboxes, MailboxState, Pull, Replays, Waiting],
  exports: [Couriers, Leases, Mailboxes, Waiting],
})
export class MailboxModule {}
