/* The SPARQL editor, over this service's own endpoint and none other: it asks nobody for prefixes or terms. */
(() => {
  "use strict";
  const PREFIXES = {
    kg: "https://w3id.org/conjugate/ontology#", rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", rdfs: "http://www.w3.org/2000/01/rdf-schema#",
    skos: "http://www.w3.org/2004/02/skos/core#", dcterms: "http://purl.org/dc/terms/", prov: "http://www.w3.org/ns/prov#",
    oa: "http://www.w3.org/ns/oa#", xsd: "http://www.w3.org/2001/XMLSchema#",
  };
  const FIRST = `PREFIX kg: <${PREFIXES.kg}>
PREFIX rdfs: <${PREFIXES.rdfs}>

SELECT ?compoundName ?payloadName WHERE {
  ?compound kg:hasPayload ?payload ; rdfs:label ?compoundName .
  ?payload rdfs:label ?payloadName .
} ORDER BY ?compoundName LIMIT 100`;
  const asked = new URLSearchParams(location.search).get("query");
  const { Yasgui } = window, { Yasqe } = Yasgui;
  const terms = JSON.parse(document.getElementById("terms").textContent);
  for (const kind of ["class", "property"]) {
    Yasqe.forkAutocompleter(kind, { name: `${kind}-kg`, bulk: true, persistenceId: () => "", get: async () => terms[kind] }, false);
  }
  const completers = ["variables", "class-kg", "property-kg"];
  Yasqe.defaults.autofocus = false;
  const endpoint = `${location.origin}/sparql`;
  const editor = new Yasgui(document.getElementById("editor"), {
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [] },
    copyEndpointOnNewTab: true,
    persistencePrefix: "conjugate",
    yasqe: { value: FIRST, autocompleters: completers, resizeable: true },
    yasr: { prefixes: PREFIXES },
  });
  editor.on("tabSelect", (_, id) => editor.getTab(id).setEndpoint(endpoint));
  if (asked) {
    const before = Object.values(editor._tabs).find((tab) => tab.name() === "Asked");
    const tab = before ?? editor.addTab(true, { ...Yasgui.Tab.getDefaults(editor), name: "Asked" });
    editor.selectTabId(tab.getId());
    tab.setQuery(asked);
  }
  editor.getTab().setEndpoint(endpoint);
  /* What the editor leaves unnamed. */
  const name = () => {
    for (const area of document.querySelectorAll("#editor .CodeMirror textarea")) area.setAttribute("aria-label", "SPARQL query");
    for (const plus of document.querySelectorAll("#editor .addTab")) { plus.setAttribute("role", "tab"); plus.setAttribute("aria-selected", "false"); }
    for (const sizer of document.querySelectorAll("#editor .tableSizer")) sizer.setAttribute("aria-label", "Rows on a page");
    for (const head of document.querySelectorAll("#editor th")) if (!head.textContent.trim()) head.append(Object.assign(document.createElement("span"), { className: "hidden", textContent: "Row" }));
  };
  new MutationObserver(name).observe(document.getElementById("editor"), { childList: true, subtree: true });
  name();
  /* Things have their pages here. */
  const box = document.getElementById("editor"), { base } = box.dataset;
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.href.startsWith(base)) link.href = "/id/" + link.href.slice(base.length);
  }, true);
  document.documentElement.dataset.ready = "true";
})();
