import { hasherContract } from './contract.ts';
import { inPlaceHasher } from './in-place.ts';

hasherContract('in place', () => inPlaceHasher);
