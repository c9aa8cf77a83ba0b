import { serve } from '@stoettesystemer/server';
import { organisation } from './organisation';

void serve(organisation);
