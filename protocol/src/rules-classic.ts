/**
 * The rules of the two classic protocols. They know nothing of the native one;
 * each is one step of the exchange that the original clients expect.
 */
export const CLASSIC_RULES = {
  'RSA-1': 'The server says nothing until the client has sent its name.',
  'RSA-2':
    "The client sends its name, encrypted with the server's RSA key (PKCS#1 v1.5), in standard base64, with or without a line end.",
  'RSA-3':
    'A name that is not base64, does not decrypt, is not valid UTF-8 or is no valid nickname gets `\\n[-] Please use the authentication client to connect!` after one fixed time and a close, and nothing enters the room; a taken one gets `\\n[-] That name is taken, choose another.`.',
  'RSA-4': 'The room sees `[!] YYYY-MM-DD HH:MM:SS name:has entered!`, live and in the history.',
  'RSA-5':
    'A newcomer first gets the last 50 messages by others as live lines; `classic.backlog = 0` turns it off.',
  'RSA-6': 'The prompt `\\n>> ` follows login, each line taken and each batch of live lines.',
  'RSA-7':
    'An empty line brings a new prompt; `history`, `histroy` and `history N` bring the history with back-pressure; anything else is a message.',
  'RSA-8':
    'What others say arrives at once as `\\nYYYY-MM-DD HH:MM:SS name:text`; the sender does not get their own back.',
  'RSA-9': "Times are to the second, in the configured zone, by default the system's.",
  'RSA-10':
    'A line may end with LF, CRLF or nothing: a chunk without a line end is complete after 50 ms of quiet, and several lines in one chunk are several messages.',
  'RSA-11':
    'A message with line breaks arrives as several lines with the same prefix, live and in the history.',
  'RSA-12': 'Leaving is announced as `[!] YYYY-MM-DD HH:MM:SS name:has left!`.',

  'BYTE-1': 'The client sends its name without a line end.',
  'BYTE-2':
    'The answer is one byte: `Y` logged in, `N` an empty or invalid name, `R` a taken one; after `N` or `R` the server closes after a short linger.',
  'BYTE-3':
    'Bytes within 50 ms of each other, for at most 2 s, are one message; line ends around it are dropped, inner ones stay, and an empty one is ignored.',
  'BYTE-4':
    'What others say arrives as `name\\ntext`, each by itself in at most 1,024 bytes, never cut inside a character, 20 ms apart, and padded to 1,024 bytes until the client has sent its first message; messages that were skipped are told.',
  'BYTE-5': 'The sender does not get their own message back.',
  'BYTE-6':
    "Closing leaves the room and frees the name at once; past the rate the server stops reading for a while; entering, leaving and the server's stopping are told as `*\\n…`.",
  'BYTE-7':
    'When a name is asked for from the address of the login-byte client that holds it, the holder is sent a line, and `R` is given only if it is still there 1.5 s later.',
} as const;
