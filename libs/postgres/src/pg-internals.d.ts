// The parts of the driver's protocol layer that a batch speaks to and that @types/pg leaves out.
declare module 'pg/lib/utils' {
  export function prepareValue(value: unknown): string | Buffer | null;
}
