const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;
const PLAIN = /^[\x20-\x7e]*$/;

/** A run of percent-encoded bytes is UTF-8, or it is refused. */
function decodeBytes(run: string): string | null {
  try {
    return decodeURIComponent(run);
  } catch {
    return null;
  }
}

/**
 * The text that a `ce-` header stands for: quotes off, then one round of percent-decoding (HTTP binding §3.1.3.2).
 * Null when it stands for none: bytes that are no UTF-8, a percent sign on its own, or characters no header may have.
 */
export function headerValue(header: string): string | null {
  if (!PLAIN.test(header)) return null;
  const bare = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? header;
  if (/%(?![0-9A-Fa-f]{2})/.test(bare)) return null;
  let isSound = true;
  const text = bare.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const found = decodeBytes(run);
    if (found === null) isSound = false;
    return found ?? '';
  });
  return isSound ? text : null;
}
