/** Nothing of ours reaches the server: settings by PG… variables or a locale would differ between machines. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
});
