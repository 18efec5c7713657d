// A format's media type and a file in, N-Quads on standard output: what n3 and jsonld read there. KG_NODE_MODULES is where npm put them.
const fs = require("fs");
const load = require("module").createRequire(process.env.KG_NODE_MODULES + "/");
const [, , mediaType, path] = process.argv;
const text = fs.readFileSync(path, "utf8");

async function main() {
  if (mediaType === "application/ld+json") {
    const jsonld = load("jsonld");
    const documentLoader = (url) => {
      throw new Error("a file that is read must not reach for " + url);
    };
    return jsonld.toRDF(JSON.parse(text), { format: "application/n-quads", documentLoader });
  }
  const { Parser, Writer } = load("n3");
  const writer = new Writer({ format: "application/n-quads" });
  writer.addQuads(new Parser({ format: mediaType }).parse(text));
  return new Promise((resolve, reject) => writer.end((error, result) => (error ? reject(error) : resolve(result))));
}

main().then((result) => process.stdout.write(result));
