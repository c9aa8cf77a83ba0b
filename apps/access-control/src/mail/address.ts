/** An address that a mail can be sent to, and nothing that could be more than one. */
export const ADDRESS = /^[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;"]+$/;
