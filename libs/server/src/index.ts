export { type Answer, give, pageText } from './answer/answer';
export { controllerFor } from './controllers/controller-for';
export { checked } from './intake/checked';
export { type InputClasses, inputClasses } from './intake/input-class';
export { ImportLines } from './intake/import-line';
export { parseJson } from './intake/json';
export { unpacked } from './intake/request-body';
export { isObject, makeShape, type Member, must, type Shape } from './intake/shape';
export { conformance, type Received } from './openapi/conformance';
export { type Additions, openApi, type OpenApi } from './openapi/open-api';
export { use } from './openapi/headers';
export { operation, type OperationFacts } from './openapi/operation';
export { closed, listOf, orNull, ref, type Schema } from './openapi/schema';
export { callerOf } from './request/access.guard';
export { AS_OF, asOf } from './request/as-of';
export { mustBe, NDJSON } from './request/media-type';
export { flagOf, integerOf, type Parameters } from './request/query-string';
export { Route, type RouteFacts } from './request/route';
export { Asking, At, Body, OptionalBody, Query, type Taken, Uuid } from './request/taken';
export {
  createService,
  type Service,
  type ServiceOptions,
  type Surroundings,
} from './service/create-service';
export { type Logger, openLog } from './log';
export { Metrics, serveMetrics } from './service/metrics';
export { type Fallback, openPort, type OpenPort } from './service/open-port';
export { secretFrom } from './service/secret-file';
export { onSignal, serve } from './service/serve';
export { limits, type Profile, type Settings, settingsFrom } from './settings';
