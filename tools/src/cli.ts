import { Refusal } from '@stoettesystemer/object';
import { checkLogCommand } from './commands/check-log';
import { importKleCommand } from './commands/import-kle';
import { newEpochCommand } from './commands/new-epoch';
import { rotateKeyCommand } from './commands/rotate-key';
import { reviseCommand } from './commands/revise';
import { synchroniseOrganisationCommand } from './commands/synchronise-organisation';
import { tokenCommand } from './commands/token';
import { UsageError } from './usage';

interface Command {
  readonly name: string;
  readonly usage: string;
  readonly does: string;
  run(args: string[]): Promise<void>;
}

const commands: readonly Command[] = [
  tokenCommand,
  importKleCommand,
  synchroniseOrganisationCommand,
  reviseCommand,
  checkLogCommand,
  rotateKeyCommand,
  newEpochCommand,
];

const help = (): string =>
  `Kommandoer:\n\n${commands.map(({ usage, does }) => `  ${usage}\n      ${does}`).join('\n\n')}\n`;

/** Results on stdout, progress and errors on stderr; the exit code says whether it went well. */
async function run(args: string[]): Promise<number> {
  const command = commands.find(({ name }) => name === args.slice(0, name.split(' ').length).join(' '));
  if (!command) {
    const asked = args.length > 0 && !['help', 'hjaelp', '--help', '-h'].includes(args[0] ?? '');
    (asked ? process.stderr : process.stdout).write(
      asked ? `Der er ingen kommando ved navn ${args.join(' ')}.\n\n${help()}` : help(),
    );
    return asked ? 2 : 0;
  }
  try {
    await command.run(args.slice(command.name.split(' ').length));
    return 0;
  } catch (cause) {
    if (cause instanceof UsageError) process.stderr.write(`${cause.message}\nBrug: ${command.usage}\n`);
    else if (cause instanceof Refusal) process.stderr.write(`${refusalText(cause)}\n`);
    else process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    return cause instanceof UsageError ? 2 : 1;
  }
}

const refusalText = ({ detail, fejl }: Refusal): string =>
  [detail, ...fejl.map(({ sti, besked }) => `  ${sti ? `${sti}: ` : ''}${besked}`)].join('\n');

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
