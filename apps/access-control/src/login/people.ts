import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AsOf, ObjectStore } from '@stoettesystemer/engine';
import { Jobfunktionsrolle } from '@stoettesystemer/model';
import { type Facets, Refusal } from '@stoettesystemer/object';
import type { PrivilegeList } from '../bpp/privilege-list';
import { readBppBase64 } from '../bpp/read-bpp';
import { NSIS_LEVELS } from '../decision/question';
import { internalCaller } from '../internal-caller';
import type { LoggedIn } from '../token-service/login-register';
import type { Claims } from './claims';
import type { IdentityProvider } from './identity-providers';
import { LoginRefused } from './login-refused';
import { type ParameterTypes, saidJobFunctions } from './said-job-functions';

const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
const MOST = 20;

/** Makes what an IdP says of a user into somebody who may be decided on. */
@Injectable()
export class People {
  constructor(private readonly store: ObjectStore) {}

  /** @throws LoginRefused when the IdP says more than it may. */
  async from(claims: Claims, idp: IdentityProvider): Promise<LoggedIn> {
    const { cvr, level, subject, privileges } = claims;
    if (!idp.homes.includes(cvr)) throw new LoginRefused('idp_svar', 'a CVR number that is not the IdP’s');
    if (NSIS_LEVELS.indexOf(level) > NSIS_LEVELS.indexOf(idp.level))
      throw new LoginRefused('idp_svar', 'a higher NSIS level than the IdP is registered with');
    const list = privileges === null ? [] : listIn(privileges);
    const jobFunctions = await saidJobFunctions(list, cvr, (entityId) => this.typesOf(cvr, entityId));
    return { subject, home: cvr, idp: idp.uuid, level, jobFunctions };
  }

  private async typesOf(owner: string, entityId: string): Promise<ParameterTypes> {
    const { data } = await this.store.search(
      { caller: internalCaller(owner), transaction: randomUUID() },
      Jobfunktionsrolle,
      {
        udtryk: { felt: 'entityId', lig: entityId },
        sorter: [],
        vis: ['afgraensning'],
        limit: MOST,
        cursor: null,
        antal: false,
      },
      NOW,
    );
    const limits = data.flatMap((body) => {
      const { attributter } = JSON.parse(body) as Facets<typeof Jobfunktionsrolle>;
      return attributter?.afgraensning ?? [];
    });
    return new Map(
      limits
        .filter(({ dynamisk }) => dynamisk === true)
        .map(({ id, dataafgraensningstype }) => [id, dataafgraensningstype]),
    );
  }
}

function listIn(encoded: string): PrivilegeList {
  try {
    return readBppBase64(encoded);
  } catch (cause) {
    if (cause instanceof Refusal) throw new LoginRefused('idp_svar', `privileges: ${cause.detail}`);
    throw cause;
  }
}
