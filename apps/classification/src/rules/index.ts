import { inUseRules } from './in-use.rule';
import { oneFacet } from './one-facet.rule';
import { parentKlasse } from './parent-klasse.rule';
import { uniqueKeys } from './unique-key.rule';

export const classificationRules = [...uniqueKeys, oneFacet, parentKlasse, ...inUseRules];
