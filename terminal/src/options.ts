import type { ReadStream, WriteStream } from 'node:tty';

/** What `teahouse chat` was asked for. */
export interface ChatOptions {
  /** As people write it; see `parseAddress`. In a terminal it is asked for if it is left out. */
  readonly address?: string | undefined;
  readonly name?: string | undefined;
  /** Default `lobby`. */
  readonly room?: string | undefined;
  readonly json?: boolean | undefined;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** How the command ends. */
export const EXIT = {
  /** The input ended and everything that was sent is stored; or somebody left. */
  ok: 0,
  /** No connection, or the server did not let us in, or put us out. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Something that was to be said was not. */
  unsent: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
