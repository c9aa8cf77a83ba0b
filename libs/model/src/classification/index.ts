import { Facet } from './facet';
import { Klasse } from './klasse';
import { Klassifikation } from './klassifikation';

export { Facet, Klasse, Klassifikation };
export const classificationTypes = [Klassifikation, Facet, Klasse] as const;
