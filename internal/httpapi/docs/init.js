"use strict";

SwaggerUIBundle({
  url: "openapi.json", // beside the page, whatever path that is under
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  tagsSorter: "alpha",
  displayRequestDuration: true,
  showCommonExtensions: true,
  showExtensions: true, // who may call, and the events that follow
  tryItOutEnabled: true,
  syntaxHighlight: { activated: false }, // large answers would freeze the page
  validatorUrl: null, // asks nobody else
});
