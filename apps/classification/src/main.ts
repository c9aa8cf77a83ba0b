import { serve } from '@stoettesystemer/server';
import { classification } from './classification';

void serve(classification);
