import { Global, Module } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { ownCalls, type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import { type AskAccess, Decisions } from './decisions';

function askerOf({ settings, log }: RunningSurroundings): AskAccess {
  const calls = ownCalls(settings, { demo: 'demo-beskedfordeler' });
  if (calls === null) {
    if (settings.profile === 'produktion')
      log.warn(
        'EGET_SYSTEM is not set, or nobody says where Adgangsstyring is: push and AMQP deliver nothing',
      );
    return () => Promise.reject(new Error('There is nobody to ask'));
  }
  const way = { service: 'adgangsstyring', owner: COMMON_OWNER, path: '/v1/afgoerelser' };
  return async (question) => {
    const answer = await calls.post({ ...way, body: JSON.stringify(question) });
    if (answer.status !== 200) throw new Error(`Adgangsstyring answers ${answer.status}`);
    return answer.json();
  };
}

/** What receivers may have when they show no token. */
@Global()
@Module({
  providers: [
    {
      provide: Decisions,
      inject: [SURROUNDINGS],
      useFactory: (surroundings: RunningSurroundings) =>
        new Decisions(askerOf(surroundings), surroundings.stillValid),
    },
  ],
  exports: [Decisions],
})
export class AuthorisationModule {}
