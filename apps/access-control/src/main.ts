import { serve } from '@stoettesystemer/server';
import { accessControl } from './access-control';

void serve(accessControl);
