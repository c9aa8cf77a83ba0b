import { Module } from '@nestjs/common';
import { type RunningSurroundings, secretFrom, SURROUNDINGS } from '@stoettesystemer/server';
import { Intake } from './intake';
import { MessageKeys } from './message-keys';
import { MessageSequencer } from './message-sequencer';
import { MessageController } from './message.controller';

/** Messages: taking them in, keeping them, and their order. */
@Module({
  controllers: [MessageController],
  providers: [
    Intake,
    MessageSequencer,
    {
      provide: MessageKeys,
      inject: [SURROUNDINGS],
      useFactory: async ({ settings, pseudonymKey }: RunningSurroundings) =>
        new MessageKeys(
          await secretFrom(settings.messageKeyFile, settings.profile === 'udvikling'),
          pseudonymKey,
        ),
    },
  ],
  exports: [MessageKeys, MessageSequencer],
})
export class MessageModule {}
