/** An error without its message, which may quote what somebody wrote: its name, its code and where it was thrown. */
export interface ErrorTrace {
  readonly name: string;
  readonly code?: string;
  readonly frames: readonly string[];
}

/** Frames shown at most. */
const FRAMES = 12;

/** What the log may show of whatever was thrown. */
export function traceError(error: unknown): ErrorTrace {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  // The message stands above the frames and may itself have lines that look like one, so it is cut off by its length.
  const stack = error.stack ?? '';
  const head = stack.indexOf(error.message);
  const below = head === -1 ? '' : stack.slice(head + error.message.length);
  const frames = below
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, FRAMES)
    .map((line) => line.trim());
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, ...(typeof code === 'string' ? { code } : {}), frames };
}
