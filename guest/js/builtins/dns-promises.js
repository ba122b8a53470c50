import { promises } from '../src/dns.js';

export const { lookup } = promises;
export default promises;
