import type { Profile } from '@stoettesystemer/server';

/** What is printed when everything answers: where it is, and what to try. */
export function welcome(port: number, profile: Profile): string {
  const address = `http://localhost:${port}`;
  const ready = `klar: ${address}`;
  if (profile === 'produktion') return ready;
  return `${ready}

Prøv, i en anden terminal:

  TOKEN=$(npm run -s cli -- token --system demo-fagsystem --service klassifikation --cvr 12345678)
  curl -H "Authorization: Bearer $TOKEN" ${address}/klassifikation/v1/klasser

  npm run -s cli -- klassifikation importer-kle FIL.xml     KLE ind i Klassifikation
  npm run -s cli                                            alle kommandoer

  ${address}/klassifikation/docs                 tjenesten, så mennesker kan læse den
  docs/foerste-integration.md                               den første time som leverandør
  docs/foerste-haendelse.md                                 den første hændelse på ti minutter
  docs/ny-leverandoer.md                                    fra nyt it-system til første kald

Stop med Ctrl-C. Alt bliver liggende i DATA_DIR.`;
}
