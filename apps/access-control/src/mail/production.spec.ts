import type { FastifyInstance } from 'fastify';
import { AgreementModule } from '../agreement/agreement.module';
import { runningTokenService, type RunningTokenService } from '../token-service/spec/running-token-service';

let at: RunningTokenService;
beforeAll(async () => {
  at = await runningTokenService({ profile: 'produktion', modules: [AgreementModule] });
});
afterAll(() => at.close());

test('in production nobody reads the mail', async () => {
  const fastify = at.service.app.getHttpAdapter().getInstance() as FastifyInstance;
  const answer = await fastify.inject({ url: '/adgangsstyring/dev/post' });
  expect([answer.statusCode, answer.json()]).toMatchObject([404, { kode: 'findes_ikke' }]);
});
