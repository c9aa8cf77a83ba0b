import type { Migration } from '@stoettesystemer/engine';
import { TokenService1100000000001 } from './0001-token-service';
import { Mail1100000000002 } from './0002-mail';
import { Login1100000000003 } from './0003-login';
import { Delegation1100000000004 } from './0004-delegation';
import { Revocation1100000000005 } from './0005-revocation';

/** Tables beside the objects: what is only for a while, and no registration. */
export const accessControlMigrations: readonly Migration[] = [
  TokenService1100000000001,
  Mail1100000000002,
  Login1100000000003,
  Delegation1100000000004,
  Revocation1100000000005,
];
