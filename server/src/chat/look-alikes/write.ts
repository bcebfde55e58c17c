/** Writes the table of look-alikes anew, when the data of TS 39 or the rules in `build.ts` change. */
import { writeFileSync } from 'node:fs';
import { TABLE_FILE } from './skeleton.ts';
import { buildTable } from './build.ts';

writeFileSync(TABLE_FILE, `${JSON.stringify(buildTable(), null, 1)}\n`);
