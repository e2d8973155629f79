// Builds frontend/build/ from styles, scripts and images. Everything it needs is in the lock file; nothing is fetched.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { compile } from "sass"

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const out = join(here, "build")

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

const styles = compile(join(here, "styles/guildhall.scss"), {
  loadPaths: [join(here, "node_modules")],
  style: "compressed",
  quietDeps: true,
})
if (styles.css.includes("url(")) throw new Error("The style sheet points at a file that we do not serve.")
writeFileSync(join(out, "guildhall.css"), styles.css)

await build({
  entryPoints: Object.fromEntries(
    ["guildhall", "supported", "desk", "desk-worker"].map((name) => [name, join(here, `scripts/${name}.js`)]),
  ),
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  logLevel: "warning",
})
cpSync(join(here, "images"), out, { recursive: true })
