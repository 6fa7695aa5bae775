// Shows the operations of /openapi.json. Everything is put in as text, never as markup.
"use strict";

const methods = ["get", "post", "put", "patch", "delete"];

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function resolve(doc, schema) {
  if (!schema || !schema.$ref) return schema;
  return schema.$ref.split("/").slice(1).reduce((at, key) => at && at[key], doc);
}

// example sketches a value of a schema: types as text, enums by their values.
function example(doc, schema, depth) {
  const s = resolve(doc, schema);
  if (!s || depth > 6) return "…";
  if (s.enum) return s.enum.join(" | ");
  const type = Array.isArray(s.type) ? s.type[0] : s.type;
  if (type === "array") return [example(doc, s.items, depth + 1)];
  if (type !== "object") return s.format || type || "any";
  const out = {};
  const required = new Set(s.required || []);
  for (const [name, property] of Object.entries(s.properties || {})) {
    out[required.has(name) ? name : name + "?"] = example(doc, property, depth + 1);
  }
  if (s.additionalProperties && typeof s.additionalProperties === "object") {
    out["*"] = example(doc, s.additionalProperties, depth + 1);
  }
  return out;
}

function body(doc, title, content) {
  const box = document.createDocumentFragment();
  for (const [media, { schema }] of Object.entries(content || {})) {
    box.append(element("h4", `${title} · ${media}`));
    if (schema) box.append(element("pre", JSON.stringify(example(doc, schema, 0), null, 2)));
  }
  return box;
}

function parameters(list) {
  const table = element("table");
  for (const p of list) {
    const row = element("tr");
    row.append(element("td", p.name + (p.required ? "" : "?")), element("td", p.in), element("td", p.description || ""));
    table.append(row);
  }
  return table;
}

function operation(doc, path, method, op) {
  const box = element("details");
  const head = element("summary");
  head.append(
    element("span", method.toUpperCase(), "method"),
    element("code", path),
    element("span", op.summary || ""),
    element("span", op["x-callboard-access"] || "", "access"),
  );
  box.append(head);
  box.dataset.search = `${method} ${path} ${op.summary || ""} ${op.operationId || ""}`.toLowerCase();
  box.addEventListener("toggle", () => fill(box, doc, op), { once: true });
  return box;
}

function fill(box, doc, op) {
  const inside = element("div", undefined, "inside");
  if (op.description) inside.append(element("p", op.description));
  const events = op["x-callboard-events"];
  if (events) inside.append(element("p", "Emits: " + events.join(", ")));
  if (op.parameters) inside.append(parameters(op.parameters));
  if (op.requestBody) inside.append(body(doc, "Request", op.requestBody.content));
  for (const [status, response] of Object.entries(op.responses || {})) {
    inside.append(body(doc, `${status} ${response.description || ""}`, response.content));
  }
  box.append(inside);
}

function render(doc) {
  document.getElementById("title").textContent = `${doc.info.title} API ${doc.info.version}`;
  document.getElementById("about").textContent = doc.info.description || "";
  const main = document.getElementById("operations");
  const groups = new Map();
  for (const [path, item] of Object.entries(doc.paths || {})) {
    for (const method of methods.filter((m) => item[m])) {
      const tag = (item[method].tags || ["other"])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(doc, path, method, item[method]));
    }
  }
  main.replaceChildren();
  for (const [tag, operations] of [...groups].sort()) {
    const section = element("section");
    section.append(element("h2", tag), ...operations);
    main.append(section);
  }
}

function filter(event) {
  const wanted = event.target.value.toLowerCase();
  for (const box of document.querySelectorAll("details")) {
    box.hidden = !box.dataset.search.includes(wanted);
  }
}

document.getElementById("filter").addEventListener("input", filter);
fetch("/openapi.json")
  .then((response) => response.json())
  .then(render)
  .catch((error) => {
    document.getElementById("operations").textContent = "The document could not be loaded: " + error.message;
  });
