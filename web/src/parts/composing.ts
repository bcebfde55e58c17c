/**
 * Whether a key belongs to an input method that is composing a character. Safari
 * ends the composition before it sends the Enter that ended it: that one has no
 * `isComposing`, only the old code 229.
 */
export function isComposing(event: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else tells it in Safari
  return event.isComposing || event.keyCode === 229;
}
