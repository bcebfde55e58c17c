/**
 * A mistake that the person at the keyboard can put right: a taken port, an
 * unknown key, a folder that another server holds. The message is one sentence
 * that says what is wrong and what to do; it is shown without a stack, and the
 * process ends with exit code 2. (A class, so that `instanceof` tells it apart
 * from a defect of ours.)
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
