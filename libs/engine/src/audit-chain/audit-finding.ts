/** Something in the security log that cannot be. Where it is, without what it says. */
export interface AuditFinding {
  /** In Danish. */
  readonly what: string;
  readonly cvr: string;
  /** Place in the chain. */
  readonly plads?: number;
  /** The audit row, and its time. */
  readonly id?: number;
  readonly tid?: string;
  /** The day of a root. */
  readonly dag?: string;
}
