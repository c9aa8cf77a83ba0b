import { Module } from '@nestjs/common';
import { TestIdpController } from '../test-idp/test-idp.controller';
import { TestIdp } from '../test-idp/test-idp';
import { IdentityProviders } from './identity-providers';
import { Login } from './login';
import { LoginController } from './login.controller';
import { LoginSteps } from './login-steps';
import { OidcLogin } from './oidc/oidc-login';
import { People } from './people';
import { SamlLogin } from './saml/saml-login';

/** People: their municipality's IdP says who they are. */
@Module({
  providers: [Login, LoginSteps, IdentityProviders, People, SamlLogin, OidcLogin, TestIdp],
  controllers: [LoginController, TestIdpController],
})
export class LoginModule {}
