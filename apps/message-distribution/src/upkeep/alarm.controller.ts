import { Controller, Get, Res } from '@nestjs/common';
import { allows, type ScopeEntry } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { Dueslag } from '@stoettesystemer/model';
import { Database } from '@stoettesystemer/postgres';
import { Asking, Route } from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';

const MOST = 500;

/** Dueslag in which messages have waited too long, for whoever looks after them. */
@Controller('v1/alarmer')
export class AlarmController {
  constructor(private readonly database: Database) {}

  @Get()
  @Route({ may: { verb: 'laes', types: [Dueslag] } })
  async list(@Asking() { caller }: Ask, @Res() reply: FastifyReply) {
    const { owner } = caller;
    const { rows } = await this.database.look(
      { owner },
      {
        name: 'alarm-list',
        text: `select b.id, instant(b.alarmed_at) as since, o.scopes::text from mailbox b
          join object o on o.owner = b.owner and o.id = b.id and o.lifecycle not in ('Passiveret', 'Slettet')
         where b.owner = $1::int and b.alarmed_at is not null order by b.alarmed_at, b.id`,
        values: [Number(owner)],
      },
    );
    const seen = rows.filter(({ scopes }) =>
      allows(caller, Dueslag, 'laes', { owner, scopes: JSON.parse(scopes as string) as ScopeEntry[] }),
    );
    const data = seen.slice(0, MOST).map(({ id, since }) => ({ dueslag: id, siden: since }));
    void reply.header('cache-control', 'no-store').send({ data });
  }
}
