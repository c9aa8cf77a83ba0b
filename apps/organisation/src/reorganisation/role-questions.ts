import { Jobfunktionsrolle } from '@stoettesystemer/model';
import type { Consequence } from './consequence';

/** Operands of one search; a search takes at most a thousand. */
const VALUES = 500;

/** A question that whoever plans can put to Adgangsstyring with a token of their own for it. */
export interface RoleQuestion {
  readonly adresse: string;
  readonly soegning: object;
}

/**
 * Which roles name the units that are closed, or that get other units under them. Adgangsstyring answers that, and only
 * to those who may see roles there: a token for Organisation says nothing of that, and is not good there. So the question
 * is handed over, ready to be put; a service that is registered as a system of its own could put it itself by exchanging
 * the user's token.
 */
export function roleQuestions(consequences: readonly Consequence[]): RoleQuestion[] {
  const values = new Set<string>();
  for (const each of consequences) {
    if (each.slags === 'Lukket') values.add(each.enhed);
    if (each.slags === 'Lukket' || each.slags === 'UndertraeAendret') values.add(`${each.enhed}/*`);
  }
  const all = [...values];
  return Array.from({ length: Math.ceil(all.length / VALUES) }, (_, at) => ({
    adresse: `/adgangsstyring/v1/${Jobfunktionsrolle.path}/soegninger`,
    soegning: {
      udtryk: { felt: 'afgraensning.vaerdier', iblandt: all.slice(at * VALUES, (at + 1) * VALUES) },
      limit: VALUES,
    },
  }));
}
