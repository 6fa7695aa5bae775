import openapiTS, { astToString } from 'openapi-typescript';

const banner = `// Made by "npm run generate" from the server's OpenAPI document. Do not edit.\n\n`;
const refPrefix = '#/components/schemas/';

/**
 * Returns the text of src/schema.gen.ts for an OpenAPI document.
 * @param {string} document JSON
 */
export async function render(document) {
  // A field with a default may be left out of a request, so its default does not make it required.
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  return banner + types + payloads(JSON.parse(document));
}

/** The payload type of each event, as the document's catalog route names it. */
function payloads(document) {
  const refs = document.paths['/api/v1/events/catalog'].get['x-callboard-payloads'];
  const lines = Object.entries(refs).map(([event, { $ref }]) => {
    if (!$ref?.startsWith(refPrefix)) {
      throw new Error(`the payload of ${event} has no schema of its own`);
    }
    return `    ${event}: components["schemas"]["${$ref.slice(refPrefix.length)}"];\n`;
  });
  return `/** The data of each event of the catalog, by its name. */\nexport interface EventPayloads {\n${lines.join('')}}\n`;
}
