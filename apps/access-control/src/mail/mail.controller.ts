import { Controller, Get, Inject, Put, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { notFound } from '@stoettesystemer/object';
import {
  Asking,
  Body,
  makeShape,
  must,
  Route,
  SURROUNDINGS,
  type Surroundings,
  type Taken,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADDRESS } from './address';
import { APPROVE, mustApprove } from '../agreement/authority';
import { type Logged, MailLog } from './mail-log';

const MOST = 200;
const mailboxShape = makeShape('Postkasse', {
  adresse: {
    checks: [
      must(
        'adresse',
        'Skal være en mailadresse på højst 254 tegn.',
        (value) => typeof value === 'string' && value.length <= 254 && ADDRESS.test(value),
      ),
    ],
    presence: 'required',
  },
});

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const sectionOf = ({ owner, recipient, subject, body, created, sent }: Logged): string =>
  `<article><h2>${escaped(subject)}</h2><p>Til: ${escaped(recipient ?? `postkassen for ${owner}`)}<br>` +
  `Skrevet: ${escaped(created)}<br>Sendt: ${escaped(sent ?? 'nej')}</p><pre>${escaped(body)}</pre></article>`;
const pageOf = (mails: readonly Logged[]): string =>
  `<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Post</title></head><body><main><h1>Post</h1>` +
  `${mails.length === 0 ? '<p>Der er ingen post.</p>' : mails.map(sectionOf).join('')}</main></body></html>`;

/** Where a municipality's notices go; and for developers, what has been written. */
@Controller()
export class MailController {
  constructor(
    private readonly mails: MailLog,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  @Get('v1/postkasser')
  @Route({ privilege: APPROVE })
  async mailbox(@Asking() { caller }: Ask) {
    return { adresse: await this.mails.mailbox(caller.owner) };
  }

  @Put('v1/postkasser')
  @Route({ privilege: APPROVE })
  async setMailbox(@Asking() { caller }: Ask, @Body(mailboxShape) { value }: Taken<{ adresse: string }>) {
    mustApprove(caller);
    await this.mails.setMailbox(caller.owner, value.adresse);
    return { adresse: value.adresse };
  }

  @Get('dev/post')
  @Route({ open: true })
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (this.surroundings.settings.profile === 'produktion') throw notFound();
    const mails = await this.mails.newest(MOST);
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    if (wantsPage)
      return reply
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .type('text/html; charset=utf-8')
        .send(pageOf(mails));
    const data = mails.map(({ owner, id, about, recipient, subject, body, created, sent }) => ({
      id,
      ejer: owner,
      om: about,
      til: recipient,
      emne: subject,
      tekst: body,
      skrevet: created,
      sendt: sent,
    }));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ data }));
  }
}
