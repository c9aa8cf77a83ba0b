import { BadRequestException, ForbiddenException } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { refusalOf } from './refusal-of';

const sql = (code: string, severity = 'ERROR') =>
  Object.assign(new Error('duplicate key value (titel)=(2512484916)'), {
    code,
    severity,
    detail: 'Key (titel)=(2512484916)',
  });
const network = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:5432`), { code });

test.each([
  ['a refusal', new Refusal(422, 'regel', 'En regel.'), 422, 'regel', undefined],
  ['lock not available', sql('55P03'), 409, 'optaget', '1'],
  ['deadlock, three times over', sql('40P01'), 409, 'optaget', '1'],
  ['statement timeout', sql('57014'), 503, 'utilgaengelig', '2'],
  ['too many connections', sql('53300'), 503, 'utilgaengelig', '2'],
  ['shutting down', sql('57P01'), 503, 'utilgaengelig', '2'],
  ['starting up', sql('57P03', 'FATAL'), 503, 'utilgaengelig', '2'],
  ['nobody let in', sql('55000', 'FATAL'), 503, 'utilgaengelig', '2'],
  ['connection failure', sql('08006'), 503, 'utilgaengelig', '2'],
  ['nobody there', network('ECONNREFUSED'), 503, 'utilgaengelig', '2'],
  ['hung up', network('ECONNRESET'), 503, 'utilgaengelig', '2'],
  ['the driver lost it', new Error('Connection terminated unexpectedly'), 503, 'utilgaengelig', '2'],
  ['the pool is empty', new Error('timeout exceeded when trying to connect'), 503, 'utilgaengelig', '2'],
  ['a unique key', sql('23505'), 500, 'intern', undefined],
  ['a syntax error', sql('42601'), 500, 'intern', undefined],
  ['invalid text', sql('22P02'), 500, 'intern', undefined],
  ['a bug', new TypeError('x is not a function'), 500, 'intern', undefined],
  ['no error at all', 'x', 500, 'intern', undefined],
  ['Nest, 400', new BadRequestException('2512484916'), 400, 'ugyldig', undefined],
  ['Nest, 403', new ForbiddenException('2512484916'), 403, 'ingen_rettighed', undefined],
  [
    'Fastify, 414',
    Object.assign(new Error('2512484916'), { code: 'FST_ERR_MAX_PARAM_LENGTH', statusCode: 414 }),
    414,
    'for_lang',
    undefined,
  ],
  [
    'a status that somebody else wrote',
    Object.assign(new Error('x'), { statusCode: 418 }),
    500,
    'intern',
    undefined,
  ],
])('%s', (_, cause, status, kode, retryAfter) => {
  const refusal = refusalOf(cause);
  expect(refusal).toMatchObject({ status, kode });
  expect(refusal.headers['Retry-After']).toBe(retryAfter);
  expect(JSON.stringify([refusal.detail, refusal.fejl])).not.toContain('2512484916');
});
