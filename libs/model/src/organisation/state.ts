import { state } from '@stoettesystemer/object';

/** Everything in Organisation that ends does so by becoming inactive. */
export const gyldighed = state(['Aktiv', 'Inaktiv'], { doc: 'Om objektet er i brug.' });
