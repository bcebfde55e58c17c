import type { ClassicOptions } from '../classic/index.ts';

/** What the front end rsa-line is given. */
export interface RsaLineOptions extends ClassicOptions {
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** Messages of the past that a newcomer gets; 0 for none. */
  readonly backlog: number;
  /** The zone of the times shown; null is the system's. */
  readonly timeZone: string | null;
  /** Takes one decryption of this address; false past its rate. */
  readonly takeDecryption: (address: string) => boolean;
}
