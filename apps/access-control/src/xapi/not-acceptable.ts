import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { catchError, type Observable, throwError } from 'rxjs';

const CONTENT = new Set([400, 422]);

/** Content that is refused is 406 here, with the reasons: the tools park what is answered so, and try all else again. */
const notAcceptable = (cause: unknown): unknown =>
  cause instanceof Refusal && CONTENT.has(cause.status)
    ? new Refusal(406, cause.kode, cause.detail, { fejl: cause.fejl })
    : cause;

@Injectable()
export class NotAcceptable implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((cause: unknown) => throwError(() => notAcceptable(cause))));
  }
}
