/** The schemes a listener may have; each is one front end. */
export type Frontend = 'http' | 'tcp' | 'websocket' | 'rsa-line' | 'login-byte';

/** Who, as far as a log may know: the id for machines, the nickname for people. */
export interface JournalPerson {
  readonly id: string;
  readonly nick: string;
}

/**
 * What the server tells its operator. Events carry ids, codes, lengths,
 * addresses, nicknames and room names; never a text, a session, a key or
 * anything else that was typed as a secret. `address` is an IP address without
 * a port, as the rates count it.
 *
 * - `listening`: a listener is ready. `url` as the operator may write it.
 * - `connected`, `disconnected`: a connection began, ended. `seconds` is how
 *   long it lasted, `reason` a code of ours (`closed`, `slow_consumer`,
 *   `login_timeout`, `server_stopping`, `reset` …).
 * - `login`: a connection has said who it is. `returning`: by its session.
 * - `entered`, `left`: a person came into a room or went out of it.
 * - `renamed`: `person.nick` is the old nickname.
 * - `refused`: something was asked that the server does not do; `code` is the
 *   protocol's error code or a code of the front end, `length` the size in
 *   bytes of what was refused, where that says something.
 * - `kicked`: the operator put a person out.
 * - `trouble`: something of the server's own went wrong. `where` names the part
 *   (`store`, `http`, `decryption` …), `message` is a sentence of ours, and of
 *   `error` only name, code and stack frames are shown: an error's own message
 *   may quote what somebody wrote.
 * - `recovered`: the part works again.
 * - `notice`: a sentence for the operator, of ours.
 * - `stopping`, `stopped`: of the process; `reason` is the signal. The command
 *   reports these, nobody else.
 */
export type JournalEvent =
  | { readonly kind: 'listening'; readonly frontend: Exclude<Frontend, 'websocket'>; readonly url: string }
  | { readonly kind: 'connected'; readonly frontend: Frontend; readonly address: string }
  | {
      readonly kind: 'login';
      readonly frontend: Frontend;
      readonly address: string;
      readonly person: JournalPerson;
      readonly returning: boolean;
    }
  | { readonly kind: 'entered'; readonly person: JournalPerson; readonly room: string }
  | { readonly kind: 'left'; readonly person: JournalPerson; readonly room: string; readonly reason?: string }
  | { readonly kind: 'renamed'; readonly person: JournalPerson; readonly nick: string }
  | {
      readonly kind: 'disconnected';
      readonly frontend: Frontend;
      readonly address: string;
      readonly person?: JournalPerson;
      readonly reason: string;
      readonly seconds: number;
    }
  | {
      readonly kind: 'refused';
      readonly frontend: Frontend;
      readonly address: string;
      readonly code: string;
      readonly person?: JournalPerson;
      readonly length?: number;
    }
  | { readonly kind: 'kicked'; readonly person: JournalPerson }
  | { readonly kind: 'trouble'; readonly where: string; readonly message: string; readonly error?: unknown }
  | { readonly kind: 'recovered'; readonly where: string }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'stopping'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** What chat and the front ends get of the journal. Never throws, never waits. */
export type Report = (event: JournalEvent) => void;
