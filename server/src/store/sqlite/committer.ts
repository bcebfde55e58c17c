import type { StoreClock } from '../clock.ts';
import { StoreUnavailable, type Draft, type Outcome } from '../port.ts';
import { DIRECTORY_FIELDS, packDraft, type Packed } from './rows.ts';
import type { Committed } from './write-batch.ts';
import type { DirectoryWriter } from './write-directory.ts';

/** How many further batches are committed, at most, before finished ones are settled. */
const MERGE_LIMIT = 2;
/** How long, at most, a batch gathers while each turn brings more (ms). */
const GATHER_MS = 4;

type SettleDraft = (outcome: Outcome) => void;

interface SettleWrite {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Batch {
  readonly packed: Packed;
  readonly settlers: (SettleDraft | SettleWrite)[];
}

/** A batch whose commit has ended; without a result it is unavailable. */
interface Finished {
  readonly batch: Batch;
  readonly result: Committed | null;
}

export interface CommitterOptions {
  readonly clock: StoreClock;
  /** Milliseconds since whenever, never set back. */
  readonly elapsed: () => number;
  /** Runs at the end of this turn of the event loop, after what was put there before. */
  readonly endOfTurn: (run: () => void) => void;
  /** Commits one batch; rejects where it is not written, or nobody can tell. Only one runs at a time. */
  readonly commit: (now: number, packed: Packed) => Promise<Committed>;
  /** Told how each commit ended, before it is settled. */
  readonly onEnd: (result: Committed | null, error: unknown) => void;
  /** Told of a settled draft whose taker threw. */
  readonly onTrouble: (sentence: string, error: unknown) => void;
}

export interface Committer {
  readonly append: (draft: Draft, settle: SettleDraft) => void;
  readonly write: (op: keyof DirectoryWriter, ...args: unknown[]) => Promise<unknown>;
  /** Settles once nothing waits any more. */
  readonly drain: () => Promise<void>;
}

const UNAVAILABLE: Outcome = { ok: false, why: 'unavailable' };
const GONE: Outcome = { ok: false, why: 'gone' };

/**
 * Group commit without a timer. What is handed over in one turn goes as one
 * batch; while a batch commits, the next one gathers, and it is posted when the
 * writer is free. Where that is quicker than settling, finished batches
 * wait for the next one or two and are settled together: otherwise senders
 * that wait for each other fall into two halves that take turns, and each
 * batch and each write to a connection is half as large as it could be.
 */
export function createCommitter(options: CommitterOptions): Committer {
  let gathering: Batch = { packed: [], settlers: [] };
  let finished: Finished[] = [];
  let busy = false;
  let posting = false;
  let settling = 0;
  let took = 0;
  let whenIdle: (() => void)[] = [];

  const post = (): void => {
    const batch = gathering;
    gathering = { packed: [], settlers: [] };
    busy = true;
    options.commit(options.clock.now(), batch.packed).then(
      (result) => takeEnd(batch, result, null),
      (error: unknown) => takeEnd(batch, null, error),
    );
  };

  /**
   * Posts at the end of the turn; while each turn brings more, waits for one
   * turn after the other, as long as a commit takes: the next commit then
   * carries what would have been several.
   */
  const wake = (): void => {
    if (busy || posting) return;
    posting = true;
    const since = options.elapsed();
    let gathered = 0;
    const postUnlessGrowing = (): void => {
      const { length } = gathering.settlers;
      if (length > gathered && length > 1 && options.elapsed() - since < Math.min(took, GATHER_MS)) {
        gathered = length;
        options.endOfTurn(postUnlessGrowing);
        return;
      }
      posting = false;
      if (!busy) post();
    };
    options.endOfTurn(postUnlessGrowing);
  };

  const takeEnd = (batch: Batch, result: Committed | null, error: unknown): void => {
    busy = false;
    finished.push({ batch, result });
    options.onEnd(result, error);
    if (result !== null) ({ took } = result);
    if (gathering.settlers.length > 0) {
      if (result !== null && finished.length <= MERGE_LIMIT && took < settling) {
        post();
        return;
      }
      wake();
    }
    const ended = finished;
    finished = [];
    const start = options.elapsed();
    for (const one of ended) settle(one, options.onTrouble);
    options.endOfTurn(() => {
      settling = options.elapsed() - start;
    });
    if (busy || posting) return;
    for (const run of whenIdle) run();
    whenIdle = [];
  };

  return {
    append(draft, settleDraft) {
      packDraft(gathering.packed, draft);
      gathering.settlers.push(settleDraft);
      wake();
    },
    write: (op, ...args) =>
      new Promise((resolve, reject) => {
        gathering.packed.push(DIRECTORY_FIELDS, op, args);
        gathering.settlers.push({ resolve, reject });
        wake();
      }),
    async drain() {
      if (busy || posting) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
}

function settle({ batch, result }: Finished, onTrouble: CommitterOptions['onTrouble']): void {
  let written = 0;
  for (const [i, settler] of batch.settlers.entries()) {
    if (typeof settler === 'function') {
      const outcome =
        result === null ? UNAVAILABLE : outcomeOf(result.outcomes[2 * i]!, result.outcomes[2 * i + 1]!);
      try {
        settler(outcome);
      } catch (error) {
        onTrouble('An entry was stored, but what comes after it failed.', error);
      }
      continue;
    }
    const answer = result?.answers[written];
    written += 1;
    if (answer === undefined) settler.reject(new StoreUnavailable('The database cannot be written.'));
    else if ('error' in answer) settler.reject(new Error(answer.error));
    else settler.resolve(answer.value);
  }
}

function outcomeOf(seq: number, time: number): Outcome {
  if (seq === 0) return time === 0 ? GONE : UNAVAILABLE;
  return { ok: true, seq: Math.abs(seq), time, repeated: seq < 0 };
}
