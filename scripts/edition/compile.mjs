// Compile Python modules with the very Python that will run them: compile.mjs PYODIDE PROGRAM FOLDER...
// The folders are seen by the program as /0, /1, ... in their order.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, program, ...shown] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/` });
shown.forEach((root, number) => {
    python.FS.mkdirTree(`/${number}`);
    python.FS.mount(python.FS.filesystems.NODEFS, { root }, `/${number}`);
});
python.runPython(readFileSync(program, "utf-8"));
