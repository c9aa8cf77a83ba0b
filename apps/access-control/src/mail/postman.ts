import { Inject, Injectable } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { createTransport, type Transporter } from 'nodemailer';
import { type Claimed, MailLog } from './mail-log';

/** Milliseconds. Together less than the half minute after which another may take the mail up. */
const PATIENCE = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 10_000 };

const codeOf = (cause: unknown): string => {
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : 'UKENDT';
};

/** Sends what is due, one at a time, until each is sent. Without an SMTP server nothing is sent, and nothing is lost. */
@Injectable()
export class Postman {
  private readonly transport: Transporter | null;

  constructor(
    private readonly mails: MailLog,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {
    const { smtp } = surroundings.settings;
    this.transport = smtp === null ? null : createTransport({ url: smtp, ...PATIENCE });
  }

  async send(owner: string): Promise<void> {
    if (!this.transport) return;
    for (;;) {
      const mail = await this.mails.claim(owner);
      if (!mail || !(await this.deliver(this.transport, owner, mail))) return;
    }
  }

  close(): void {
    this.transport?.close();
  }

  private async deliver(transport: Transporter, owner: string, mail: Claimed): Promise<boolean> {
    const { mailFrom } = this.surroundings.settings;
    const { id, recipient, subject, body } = mail;
    try {
      // The same id each time: should the answer be lost on the way, the receiver's server can tell.
      const messageId = `<${id}@${mailFrom.split('@').at(-1) ?? 'localhost'}>`;
      await transport.sendMail({ from: mailFrom, to: recipient, subject, text: body, messageId });
    } catch (cause) {
      const code = codeOf(cause);
      this.surroundings.log.warn({ code, attempts: mail.attempts }, 'mail: not sent this time');
      await this.mails.failed(owner, id, code);
      return false;
    }
    await this.mails.sent(owner, id);
    return true;
  }
}
