import { type KoaContextWithOIDC, Provider, type TokenEndpointGrantContext } from 'oidc-provider';

type Names = string | readonly string[] | ReadonlySet<string>;
type Handler = (ctx: KoaContextWithOIDC) => Promise<void> | void;

/** By provider, and not in a field of it: the first are registered before a field could be there. */
const handlers = new WeakMap<object, Map<string, Handler>>();

/** A provider whose own grants can be handed a request that came in by another. */
export class RecallingProvider extends Provider {
  override registerGrantType<Params extends object>(
    name: string,
    handler: (ctx: TokenEndpointGrantContext<Params>) => Promise<void> | void,
    parameters?: Names,
    duplicates?: Names,
  ): void {
    const known = handlers.get(this) ?? new Map<string, Handler>();
    handlers.set(this, known.set(name, handler as Handler));
    super.registerGrantType(name, handler, parameters, duplicates);
  }

  async grant(name: string, ctx: KoaContextWithOIDC): Promise<void> {
    const handler = handlers.get(this)?.get(name);
    if (!handler) throw new Error(`There is no grant ${name}`);
    await handler(ctx);
  }
}
