import { Controller, Get, Res, type Type } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Route } from '../request/route';

/** What a service leans on, by name; true where it is there. */
export type Checks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

const isWell = async (check: () => boolean | Promise<boolean>): Promise<boolean> => {
  try {
    return await check();
  } catch {
    return false;
  }
};

/** Alive: the process answers, whatever it leans on. Ready: it can do its work, and is not about to stop (R12). */
export function healthController(checks: Checks): Type {
  @Controller('sundhed')
  class HealthController {
    @Get('liv')
    @Route({ open: true })
    alive(@Res() reply: FastifyReply) {
      void reply.header('cache-control', 'no-store').send({ status: 'oppe' });
    }

    @Get('klar')
    @Route({ open: true })
    async ready(@Res() reply: FastifyReply) {
      const found = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await isWell(check)] as const),
      );
      const isReady = found.every(([, well]) => well);
      const dele = Object.fromEntries(found.map(([name, well]) => [name, well ? 'oppe' : 'nede']));
      void reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .headers(isReady ? {} : { 'retry-after': '2' })
        .send({ status: isReady ? 'klar' : 'ikke_klar', dele });
    }
  }
  return HealthController;
}
