/** Writes docs/teahouse.example.toml anew; a test fails while it is stale. */
import { writeFileSync } from 'node:fs';

import { formatExample } from './example.ts';

writeFileSync(new URL('../../../docs/teahouse.example.toml', import.meta.url), formatExample());
