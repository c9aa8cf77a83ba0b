import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AskingUser } from '../decision/question';
import { TokenStore } from './token-store';

/** Somebody who is logged in: what the municipality's IdP said, kept as long as the session. */
export interface LoggedIn extends AskingUser {
  /** The user's persistent UUID at the IdP; never a CPR number. */
  readonly subject: string;
}

const KIND = 'Login';

/** Job functions as they were said at the login: they are made into rights anew for each token (A3). */
@Injectable()
export class LoginRegister {
  constructor(private readonly store: TokenStore) {}

  /** @returns the login's id, which is random and says nothing of the user. */
  async add({ subject, home, idp, level, jobFunctions }: LoggedIn, seconds: number): Promise<string> {
    const id = randomUUID();
    await this.store.put(KIND, id, { subject, home, idp, level, jobFunctions }, seconds);
    return id;
  }

  async find(id: string): Promise<LoggedIn | undefined> {
    return (await this.store.get(KIND, id)) as LoggedIn | undefined;
  }
}
