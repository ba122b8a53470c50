import { promises } from '../src/timers.js';

export const { setTimeout, setImmediate } = promises;
export default promises;
