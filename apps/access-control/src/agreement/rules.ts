import type { Rule } from '@stoettesystemer/engine';
import { content } from './content.rule';
import { fourEyes } from './four-eyes.rule';
import { workflow } from './workflow.rule';

/** The workflow of service agreements, as rules that no way of writing gets round. */
export const agreementRules: readonly Rule[] = [workflow, content, fourEyes];
