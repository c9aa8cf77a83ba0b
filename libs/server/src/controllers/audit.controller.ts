import { Readable } from 'node:stream';
import { Controller, Get, Post, Res, type Type } from '@nestjs/common';
import { type Ask, SecurityLog, type SecurityLogOptions } from '@stoettesystemer/engine';
import { Database } from '@stoettesystemer/postgres';
import type { FastifyReply } from 'fastify';
import type { JWK } from 'jose';
import { give, pageText } from '../answer/answer';
import { logPeriodFrom, logQueryFrom, type LogSearch, logSearchShape } from '../intake/log-query';
import type { Logger } from '../log';
import { NDJSON } from '../request/media-type';
import { integerOf, type Parameters } from '../request/query-string';
import { Route } from '../request/route';
import { Asking, Body, Query, type Taken } from '../request/taken';
import { limits } from '../settings';

export interface AuditControllerOptions extends SecurityLogOptions {
  /** Prefix. */
  readonly service: string;
  /** The public key that the daily roots are signed with. */
  readonly key: JWK;
}

const headers = { 'cache-control': 'no-store' };

async function* heard(
  lines: AsyncIterable<string>,
  failed: (cause: unknown) => void,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (cause) {
    failed(cause);
    throw cause;
  }
}

/** Sikkerhedsloggen: who looked at what, for the caller's own municipality, and what proves that it is whole. */
export function auditController({ service, key, ...options }: AuditControllerOptions, log: Logger): Type {
  const privilege = `${service}:sikkerhedslog`;

  @Controller('v1/sikkerhedslog')
  class AuditController {
    private readonly log: SecurityLog;

    constructor(database: Database) {
      this.log = new SecurityLog(database, options);
    }

    @Post('soegninger')
    @Route({ privilege })
    async search(
      @Asking() ask: Ask,
      @Body(logSearchShape) { value }: Taken<LogSearch>,
      @Res() reply: FastifyReply,
    ) {
      const { data, naeste } = await this.log.search(ask, logQueryFrom(value));
      give(reply, { status: 200, headers, body: pageText(data, { naeste }) });
    }

    @Get()
    @Route({ privilege, parameters: ['fra', 'til'], gives: NDJSON })
    async export(@Asking() ask: Ask, @Query() parameters: Parameters, @Res() reply: FastifyReply) {
      const { from, to } = logPeriodFrom(parameters);
      const lines = await this.log.export(ask, from, to);
      const { transaction: transaktionsid } = ask;
      const failed = (cause: unknown) => log.error({ err: cause, transaktionsid }, 'log export cut short');
      void reply
        .code(200)
        .header('content-type', NDJSON)
        .headers(headers)
        .send(Readable.from(heard(lines, failed)));
    }

    @Get('roedder')
    @Route({ privilege, parameters: ['limit'] })
    async roots(@Asking() ask: Ask, @Query() parameters: Parameters, @Res() reply: FastifyReply) {
      const limit = integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;
      const data = await this.log.roots(ask, limit);
      give(reply, { status: 200, headers, body: JSON.stringify({ noegle: key, data }) });
    }
  }
  return AuditController;
}
