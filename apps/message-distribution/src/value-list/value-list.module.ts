import { Module } from '@nestjs/common';
import { MessageModule } from '../message/message.module';
import { ValueListController } from './value-list.controller';
import { ValueLists } from './value-lists';

/** Lists of values that subscriptions ask. */
@Module({ imports: [MessageModule], controllers: [ValueListController], providers: [ValueLists] })
export class ValueListModule {}
