import { parseArgs } from 'node:util';

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
type Values<T extends Options> = { [K in keyof T]?: T[K]['type'] extends 'string' ? string : boolean };

/** The command was called with words that it does not take; its usage is shown. */
export class UsageError extends Error {}

/** Reads options and positionals. @throws UsageError, in Danish, for what the command does not take. */
export function readArguments<const T extends Options>(
  args: string[],
  options: T,
): { values: Values<T>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: values as Values<T>, positionals };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const option = /'(-[^' ]*)/.exec(message)?.[1] ?? '';
    throw new UsageError(
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? `${option} kendes ikke.` : `${option} er skrevet forkert.`,
    );
  }
}

export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} mangler.`);
  return value;
}
