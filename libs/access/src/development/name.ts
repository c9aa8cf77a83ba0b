/** `iss` of tokens that are for development and tests only. */
export const DEVELOPMENT_ISSUER = 'urn:stoettesystemerne:udvikling';
