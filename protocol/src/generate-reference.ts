export function writeReference(): string {
  return '';
}
