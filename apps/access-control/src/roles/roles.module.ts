import { Inject, Module } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { loopback } from './address';
import { FacingSystems } from '../xapi/facing-systems';
import { JobFunctionRoles } from '../xapi/job-function-roles';
import { Receivers } from '../xapi/receivers';
import { XapiController } from '../xapi/xapi.controller';
import { ApprovalController } from './approval.controller';
import { ReceivedDelegations } from './received-delegations';
import { ReceivedController } from './received.controller';
import { Validity } from './validity';
import { ValidityController } from './validity.controller';

/** Jobfunktionsroller: the second pair of eyes, what has become of them, and delegations of them. */
@Module({
  controllers: [ApprovalController, ValidityController, ReceivedController, XapiController],
  providers: [Validity, ReceivedDelegations, JobFunctionRoles, FacingSystems, Receivers],
})
export class RolesModule {
  constructor(@Inject(SURROUNDINGS) { settings }: Surroundings) {
    loopback.isAllowed = settings.profile === 'udvikling';
  }
}
