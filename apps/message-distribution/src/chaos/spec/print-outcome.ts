import type { Outcome } from './storm';

/** For whoever reads the run. */
export function printOutcome({ verdicts, sent, faults, failing, repetitions, deaths, took }: Outcome): void {
  const columns = [
    'receiver',
    'expected',
    'received',
    'repeated',
    'lost',
    'unauthorised',
    'disordered',
    'altered',
  ] as const;
  const rows = [
    columns.map(String),
    ...verdicts.map((verdict) => columns.map((column) => String(verdict[column]))),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  );
  const { distributor, postgres, broker, wiped } = faults;
  process.stdout.write(
    [
      '',
      `${sent} messages in ${took[0]} s, received ${took[1]} s later; kill -9 of the distributor ${distributor}×, PostgreSQL ${postgres}×, RabbitMQ ${broker}× (${wiped}× wiped)`,
      `batches sent again ${repetitions}, calls failed by webhooks ${Math.round(failing * 100)} %, consumers dead with a lease ${deaths}`,
      ...lines,
      '',
      '',
    ].join('\n'),
  );
}
