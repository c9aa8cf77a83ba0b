import { serve } from '@stoettesystemer/server';
import { messageDistribution } from './message-distribution';

void serve(messageDistribution);
