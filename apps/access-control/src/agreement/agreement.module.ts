import { Module } from '@nestjs/common';
import { MailController } from '../mail/mail.controller';
import { MailLog } from '../mail/mail-log';
import { MailRounds } from '../mail/mail-rounds';
import { Notices } from '../mail/notices';
import { Postman } from '../mail/postman';
import { Deadlines } from '../radar/deadlines';
import { Endings } from '../radar/endings';
import { RadarController } from '../radar/radar.controller';
import { CommandController } from './command.controller';
import { CommandDesk } from './command-desk';
import { OverviewController } from './overview.controller';
import { Reader } from './reader';

/** Service agreements from request to end, the mails about them, and what ends soon. */
@Module({
  controllers: [CommandController, OverviewController, MailController, RadarController],
  providers: [CommandDesk, Reader, MailLog, Notices, Postman, MailRounds, Endings, Deadlines],
})
export class AgreementModule {}
