"use strict";
// Shows openapi.json without any library. Everything from the file is put in as text, never as HTML.
(async () => {
  const api = await (await fetch("/api/v1/openapi.json")).json();
  const main = document.getElementById("paths");
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const named = (ref) => ref.split("/").pop();
  const follow = (node) => (node && node.$ref ? api.components[node.$ref.split("/")[2]][named(node.$ref)] : node);
  // A schema in few words; named ones are shown whole once, below their use.
  const words = (schema, indent) => {
    if (!schema) return "anything";
    if (schema.$ref) return named(schema.$ref);
    const choice = schema.anyOf || schema.oneOf;
    if (choice) return choice.map((one) => words(one, indent)).join(" | ");
    if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
    const types = [].concat(schema.type || "anything");
    return types.map((type) => {
      if (type === "array") return `[${words(schema.items, indent)}]`;
      if (type !== "object" || !schema.properties) return schema.format || type;
      const inner = indent + "  ";
      const lines = Object.entries(schema.properties).map(([name, value]) => {
        const needed = (schema.required || []).includes(name) ? "" : "?";
        const note = value.description ? `  // ${value.description}` : "";
        return `${inner}${name}${needed}: ${words(value, inner)}${note}`;
      });
      return `{\n${lines.join("\n")}\n${indent}}`;
    }).join(" | ");
  };
  const names = (node, found = new Set()) => {
    if (node && typeof node === "object") {
      if (typeof node.$ref === "string" && node.$ref.includes("/schemas/")) {
        const name = named(node.$ref);
        if (!found.has(name)) {
          found.add(name);
          names(api.components.schemas[name], found);
        }
      }
      Object.values(node).forEach((inner) => names(inner, found));
    }
    return found;
  };
  const code = (text) => {
    const block = make("pre");
    block.append(make("code", text));
    return block;
  };
  const schemaBlock = (content) => {
    const schema = content && Object.values(content)[0].schema;
    if (!schema) return make("span");
    const parts = [words(schema, "")];
    names(schema).forEach((name) => parts.push(`${name} = ${words(api.components.schemas[name], "")}`));
    return code(parts.join("\n\n"));
  };
  const show = (details, operation) => {
    const inside = make("div", undefined, "inside");
    if (operation.description) inside.append(make("p", operation.description));
    const parameters = (operation.parameters || []).map(follow);
    if (parameters.length > 0) {
      const table = make("table");
      parameters.forEach((parameter) => {
        const row = make("tr");
        row.append(make("td", parameter.name), make("td", parameter.in + (parameter.required ? ", needed" : "")),
          make("td", words(parameter.schema, "")), make("td", parameter.description || ""));
        table.append(row);
      });
      inside.append(make("h3", "Parameters"), table);
    }
    if (operation.requestBody) inside.append(make("h3", "Body"), schemaBlock(follow(operation.requestBody).content));
    Object.entries(operation.responses).forEach(([status, response]) => {
      const answer = follow(response);
      inside.append(make("h3", `${status} ${answer.description || ""}`), schemaBlock(answer.content));
    });
    details.append(inside);
  };
  document.getElementById("about").textContent = `${api.info.title} ${api.info.version}. ${api.info.description || ""}`;
  const groups = new Map();
  const entries = [];
  Object.entries(api.paths).forEach(([path, item]) => {
    ["get", "post", "put", "patch", "delete"].filter((method) => item[method]).forEach((method) => {
      const operation = item[method];
      const tag = (operation.tags || ["other"])[0];
      if (!groups.has(tag)) {
        const section = make("section");
        section.append(make("h2", tag));
        groups.set(tag, section);
        main.append(section);
      }
      const details = make("details");
      const summary = make("summary");
      summary.append(make("span", method.toUpperCase(), "method"), make("code", path), make("span", operation.summary || "", "what"));
      details.append(summary);
      details.addEventListener("toggle", () => {
        if (details.open && details.childElementCount === 1) show(details, operation);
      });
      groups.get(tag).append(details);
      entries.push([details, `${method} ${path} ${operation.summary || ""} ${operation.description || ""}`.toLowerCase()]);
    });
  });
  document.getElementById("find").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    entries.forEach(([details, text]) => { details.hidden = !text.includes(wanted); });
    groups.forEach((section) => { section.hidden = ![...section.querySelectorAll("details")].some((one) => !one.hidden); });
  });
})();
