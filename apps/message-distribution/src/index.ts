export { messageDistribution } from './message-distribution';
