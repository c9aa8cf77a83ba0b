import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import { type RunningSurroundings, type Settings, SURROUNDINGS } from '@stoettesystemer/server';
import { type AskAccess, Decisions } from './decisions';
import { OwnCalls } from './own-calls';

const DEMO = 'demo-beskedfordeler';

/** In profile `udvikling` the system that Adgangsstyring has registered for us, with the key that it made. */
const systemOf = ({ ownSystem, profile, dataDir }: Settings): Settings['ownSystem'] =>
  ownSystem ??
  (profile === 'udvikling'
    ? { uuid: DEMO_CLIENTS[DEMO]!, keyFile: join(dataDir, 'demo', `${DEMO}.jwk`) }
    : null);

function askerOf({ settings, log }: RunningSurroundings): AskAccess {
  const { accessControl: inside, issuer, profile } = settings;
  const system = systemOf(settings);
  if (inside === null || system === null) {
    if (profile === 'produktion')
      log.warn(
        'EGET_SYSTEM is not set, or nobody says where Adgangsstyring is: push and AMQP deliver nothing',
      );
    return () => Promise.reject(new Error('There is nobody to ask'));
  }
  const calls = new OwnCalls({ inside, issuer, system, bound: profile === 'produktion' });
  return (question) => calls.post('/v1/afgoerelser', question);
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
