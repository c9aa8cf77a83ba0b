import type { Declaration, Field, Group, Relation, State } from '@stoettesystemer/object';
import { exampleBody } from '../openapi/object-schemas';
import type { OpenApi } from '../openapi/open-api';
import { searchFieldsOf } from '../request/search-fields';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
  body { font: 17px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem; }
  h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; border-top: 2px solid #1a1a1a; padding-top: 1rem; }
  a { color: #004d6c; } table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
  th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #bbb; }
  code, pre { font: 15px/1.4 ui-monospace, monospace; background: #f5f5f5; } pre { padding: 1rem; overflow-x: auto; }
  .metode { font-weight: bold; } @media (prefers-color-scheme: dark) {
    body { background: #1a1a1a; color: #f5f5f5; } code, pre { background: #2b2b2b; } a { color: #8ecae6; } h2 { border-color: #f5f5f5; } }`;

const KINDS: Readonly<Record<Field['kind'], string>> = {
  text: 'tekst',
  texts: 'tekster',
  json: 'liste af objekter',
  integer: 'helt tal',
  number: 'tal',
  decimal: 'beløb som tekst',
  date: 'dato',
  instant: 'tidspunkt',
  boolean: 'ja/nej',
  choice: 'valg',
  urn: 'URN',
  uuid: 'UUID',
  reference: 'reference',
};

const kindOf = ({ kind, max, values }: Field): string => {
  if (values) return `en af: ${values.join(', ')}`;
  return kind === 'text' && max !== undefined ? `${KINDS[kind]}, højst ${max} tegn` : KINDS[kind];
};
const row = (...cells: string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;

const docOf = ({ doc, guard }: Field): string =>
  guard === undefined ? doc : `${doc} Vises kun, når aftalen giver ${guard}; ellers null og en advarsel.`;
const fieldRows = (fields: Readonly<Record<string, Field>> = {}): string[] =>
  Object.entries(fields).map(([name, field]) =>
    row(`<code>${safe(name)}</code>${field.required ? ' *' : ''}`, safe(kindOf(field)), safe(docOf(field))),
  );
const FIELD_HEADS = ['Felt', 'Indhold', 'Betydning'];

const groupPart = ([name, { doc, fields, key }]: [string, Group]): string =>
  `<h4><code>${safe(name)}</code></h4><p>${safe(doc)}${key === undefined ? '' : ` Flere kan gælde samtidig; <code>${safe(key)}</code> skelner dem.`}</p>${table(FIELD_HEADS, fieldRows(fields))}`;
const statePart = ([name, { doc, values }]: [string, State]): string =>
  row(`<code>${safe(name)}</code>`, safe(values.join(', ')), safe(doc));
const relationPart = ([name, relation]: [string, Relation]): string =>
  row(
    `<code>${safe(name)}</code>`,
    safe(`${relation.many ? '0..n' : '0..1'} → ${relation.targets.join(', ')}`),
    safe(relation.doc) +
      (relation.roles ? ` Roller: ${safe(Object.keys(relation.roles).join(', '))}.` : '') +
      (relation.fields ? table(FIELD_HEADS, fieldRows(relation.fields)) : ''),
  );

interface Operation {
  readonly summary?: string;
  readonly description?: string;
}
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function operationRows(paths: OpenApi['paths'], wanted: (path: string) => boolean): string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    wanted(path)
      ? METHODS.flatMap((method) => {
          const found = (item as Record<string, Operation | undefined>)[method];
          if (!found) return [];
          const text = [found.summary, found.description].filter((each) => each !== undefined).join('. ');
          return [
            row(
              `<span class="metode">${method.toUpperCase()}</span>`,
              `<code>${safe(path)}</code>`,
              safe(text),
            ),
          ];
        })
      : [],
  );
}
const OPERATION_HEADS = ['Metode', 'Sti', 'Hvad den gør'];

function typePart(service: string, { paths }: OpenApi, type: Declaration): string {
  const base = `/${service}/v1/${type.path}`;
  const states = Object.entries(type.states);
  const relations = Object.entries(type.relations);
  const searched = searchFieldsOf(type).map(({ name, doc, personal }) =>
    row(
      `<code>${safe(name)}</code>`,
      safe(doc),
      personal ? 'kun i indholdet (POST …/soegninger)' : 'parameter og indhold',
    ),
  );
  return `<section><h2 id="${safe(type.name)}">${safe(type.name)}</h2><p>${safe(type.doc)}</p>
    <h3>Operationer</h3>${table(
      OPERATION_HEADS,
      operationRows(paths, (path) => path === base || path.startsWith(`${base}/`)),
    )}
    <h3>Attributter</h3><p>* skal udfyldes.</p>${Object.entries(type.attributes).map(groupPart).join('')}
    ${states.length > 0 ? `<h3>Tilstande</h3>${table(['Tilstand', 'Værdier', 'Betydning'], states.map(statePart))}` : ''}
    ${relations.length > 0 ? `<h3>Relationer</h3>${table(['Relation', 'Peger på', 'Betydning'], relations.map(relationPart))}` : ''}
    <h3>Søgefelter</h3>${table(['Felt', 'Betydning', 'Bruges som'], searched)}
    <h3>Eksempel: opret</h3><pre>${safe(`POST ${base}\n\n${JSON.stringify(exampleBody(type), null, 2)}`)}</pre></section>`;
}

/** The service's documentation as one page without script, for people. */
export function docsPage(
  words: { readonly service: string; readonly title: string },
  types: readonly Declaration[],
  document: OpenApi,
): string {
  const { service, title } = words;
  const isOfType = (path: string) =>
    types.some(
      (type) => path === `/${service}/v1/${type.path}` || path.startsWith(`/${service}/v1/${type.path}/`),
    );
  const links = types.map(({ name }) => `<li><a href="#${safe(name)}">${safe(name)}</a></li>`).join('');
  return `<!doctype html><html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)} - dokumentation</title><style>${STYLE}</style></head><body><main><h1>${safe(title)}</h1>
<p>Tjenesten taler den kontrakt, som alle støttesystemer taler. Maskiner læser den i <a href="openapi.json">openapi.json</a>,
hændelserne i <a href="asyncapi.json">asyncapi.json</a> og objekttyperne i <a href="typer">typer</a>.</p>
<h2>Objekttyper</h2><ul>${links}</ul>
<h2>Det, som alle tjenester har</h2>${table(
    OPERATION_HEADS,
    operationRows(document.paths, (path) => !isOfType(path)),
  )}
${types.map((type) => typePart(service, document, type)).join('\n')}</main></body></html>`;
}
