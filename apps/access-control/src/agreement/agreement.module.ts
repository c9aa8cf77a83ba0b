import { Module } from '@nestjs/common';

/** Service agreements from request to end, the mails about them, and what ends soon. */
@Module({})
export class AgreementModule {}
