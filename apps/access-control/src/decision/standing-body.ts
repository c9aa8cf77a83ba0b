import { isCvr, isUuid } from '@stoettesystemer/object';
import { makeShape, type Member, must } from '@stoettesystemer/server';

export interface StandingBody {
  readonly system: string;
  readonly service: string;
  readonly cvr: string;
}

const member = (kode: string, besked: string, holds: (value: unknown) => boolean): Member => ({
  presence: 'required',
  checks: [must(kode, besked, holds)],
});
export const standingShape = makeShape('Afgoerelsesspoergsmaal', {
  system: member('uuid', 'Skal være en UUID.', isUuid),
  service: member(
    'type',
    'Skal være en tekst på højst 500 tegn.',
    (value) => typeof value === 'string' && /^[^\0]{1,500}$/.test(value),
  ),
  cvr: member('cvr', 'Skal være et CVR-nummer.', isCvr),
});
