import { Controller, Get, Global, Module, Req, Res } from '@nestjs/common';
import { Route } from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Deciding } from '../../decision/deciding';
import type { Decision, Question } from '../../decision/question';
import { Interactions, type PendingLogin } from '../interactions';
import type { LoggedIn } from '../login-register';

/** What the spec wants, and what it got to see. */
export const stage: {
  user: LoggedIn | null;
  pending: PendingLogin[];
  asked: Question[];
  decide: (question: Question) => Decision;
} = {
  user: null,
  pending: [],
  asked: [],
  decide: () => {
    throw new Error('Nobody has said what is decided');
  },
};

/** A login without an IdP: whoever comes is the user on the stage, or is turned away. */
@Controller()
class MadeUpLogin {
  constructor(private readonly interactions: Interactions) {}

  @Get('login/:uid')
  @Route({ open: true })
  async login(@Req() { raw }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    stage.pending.push(await this.interactions.details(raw, reply.raw));
    const { user } = stage;
    const address = user
      ? await this.interactions.finish(raw, reply.raw, { user })
      : await this.interactions.refuse(raw, reply.raw, 'Brugeren fortroed.');
    await reply.redirect(address, 303);
  }
}

@Module({ controllers: [MadeUpLogin] })
export class MadeUpLoginModule {}

const decide = (question: Question): Promise<Decision> => {
  stage.asked.push(question);
  return Promise.resolve(stage.decide(question));
};

/** Decides as the spec says. */
@Global()
@Module({ providers: [{ provide: Deciding, useValue: { decide } }], exports: [Deciding] })
export class MadeUpDecision {}
