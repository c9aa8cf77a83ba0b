import { Module } from '@nestjs/common';
import { AlarmController } from './alarm.controller';
import { Alarms } from './alarms';
import { MessageRetention } from './message-retention';
import { Upkeep } from './upkeep';

/** Taking away what is old, and looking for what is late. */
@Module({ controllers: [AlarmController], providers: [Alarms, MessageRetention, Upkeep] })
export class UpkeepModule {}
