import type { SourceFile } from './entry';
import { SourceFault } from './source-fault';

/** How the letters are written. Latin-1 is taken only where somebody says that it is that. */
export type Encoding = 'utf-8' | 'latin-1';

const LINE_BREAK = '\n';

/** The text of a file, in pieces. @throws SourceFault where it is not in the encoding. */
export async function* strictText(file: SourceFile, encoding: Encoding = 'utf-8'): AsyncGenerator<string> {
  // Windows-1252 is what is meant by latin-1. A byte order mark is taken away by the decoder.
  const decoder = new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'windows-1252');
  let line = 1;
  let column = 1;
  const checked = (text: string): string => {
    const broken = text.search(/[\uFFFD\0]/);
    const sound = broken < 0 ? text : text.slice(0, broken);
    const last = sound.lastIndexOf(LINE_BREAK);
    line += sound.split(LINE_BREAK).length - 1;
    column = last < 0 ? column + sound.length : sound.length - last;
    if (broken < 0) return text;
    const place = { file: file.name, line, column };
    if (text[broken] === '\0') throw new SourceFault('tegn', place, 'Tegnet U+0000 er ikke tilladt.');
    throw new SourceFault(
      'tegnsaet',
      place,
      'Filen er ikke UTF-8. Gem den som UTF-8, eller sig --tegnsaet latin-1, hvis det er det, den er.',
    );
  };
  for await (const bytes of file.open()) yield checked(decoder.decode(bytes, { stream: true }));
  const rest = checked(decoder.decode());
  if (rest !== '') yield rest;
}
