let moment = 0;
let text = '';

/** The time as RFC 3339 has it, in milliseconds. Many ask within the same one. */
export function presentTime(): string {
  const now = Date.now();
  if (now !== moment) {
    moment = now;
    text = new Date(now).toISOString();
  }
  return text;
}
