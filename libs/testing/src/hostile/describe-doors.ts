import { randomUUID } from 'node:crypto';
import type { RunningService } from '../running-service';
import { Document, type Operation } from './document';

export interface DoorsOptions {
  readonly document: unknown;
  start(): Promise<RunningService>;
  /** operationIds that any token of the service may call: they give each caller what is theirs, which may be nothing. */
  readonly free: readonly string[];
  /** operationIds beside Importer that make an object of the caller's own, whoever else has one of its UUID. */
  readonly makers?: readonly string[];
  /** Privileges beside those to the types, all of which the neighbour has too. */
  readonly privileges?: readonly string[];
  /** One object of Eksempelkøbing's of each path, `klasser` → UUID. */
  objects(service: RunningService): Promise<Readonly<Record<string, string>>>;
  /** Bodies that operations need to be understood, by operationId; `{}` for the others. */
  readonly bodies?: Readonly<Record<string, object>>;
}

const NEIGHBOUR = '87654321';

const pathOf = ({ template }: Operation, uuid: string = randomUUID()): string =>
  template
    .replace('{uuid}', uuid)
    .replace('{nummer}', '1')
    .replace('{ejer}', '12345678')
    .replace(/\{\w+\}/g, 'x');

/** The collection that an operation is about an object of, or undefined. */
const collectionOf = ({ template }: Operation): string | undefined =>
  /^\/[^/]+\/v1\/([^/]+)\/\{uuid\}/.exec(template)?.[1];

/** Every operation of a service against those who are not let in: nobody, a stranger, one without rights, the neighbour. */
export function describeDoors(name: string, options: DoorsOptions): void {
  const document = new Document(options.document);
  const closed = document.operations.filter(({ open }) => !open);
  const bodyOf = ({ id, body }: Operation): object | string | undefined => {
    if (!body) return undefined;
    return 'application/json' in body.content ? (options.bodies?.[id] ?? {}) : '';
  };
  const headersOf = ({ body }: Operation) => ({
    'if-match': '"1"',
    ...(body ? { 'content-type': Object.keys(body.content)[0] } : {}),
  });

  describe(`the doors of ${name}`, () => {
    let service: RunningService;
    let objects: Readonly<Record<string, string>>;
    beforeAll(async () => {
      service = await options.start();
      objects = await options.objects(service);
    });
    afterAll(() => service.close());
    const ask = async (operation: Operation, token: string | null, uuid?: string) =>
      service.send(operation.method, pathOf(operation, uuid), {
        token,
        body: bodyOf(operation),
        headers: headersOf(operation),
      });

    test.each(closed.map((each) => [each.id, each] as const))(
      '%s: no token and one for another service are 401, no right is 403',
      async (id, operation) => {
        expect((await ask(operation, null)).status).toBe(401);
        expect((await ask(operation, await service.tokenElsewhere())).status).toBe(401);
        const { status } = await ask(operation, await service.tokenWith([]));
        if (options.free.includes(id)) expect(status).toBeLessThan(300);
        else expect(status).toBe(403);
      },
    );

    // Importer makes an object of the neighbour's own under the same UUID, and is no way to the other's.
    const isMaker = ({ id, method }: Operation) => method === 'PUT' || options.makers?.includes(id) === true;
    const ofObjects = closed.filter((each) => !isMaker(each) && collectionOf(each) !== undefined);
    test.each(ofObjects.map((each) => [each.id, each] as const))(
      '%s: another municipality’s object is answered as one that does not exist',
      async (_, operation) => {
        const uuid = objects[collectionOf(operation)!];
        if (uuid === undefined) throw new Error(`No object of ${collectionOf(operation)} was made`);
        const token = await service.tokenAs({ cvr: NEIGHBOUR }, { privileges: options.privileges ?? [] });
        const [theirs, nobodys] = [await ask(operation, token, uuid), await ask(operation, token)];
        const told = ({ status, text }: typeof theirs) => [
          status,
          (JSON.parse(text) as { kode: string }).kode,
        ];
        expect([operation.id, ...told(theirs)]).toEqual([operation.id, 404, 'findes_ikke']);
        expect(told(nobodys)).toEqual(told(theirs));
      },
    );
  });
}
