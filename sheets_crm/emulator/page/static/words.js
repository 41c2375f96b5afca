// What the page says, in the language of the workbook's locale.

const WORDS = {
  es: {
    file: "Archivo", edit: "Editar", tab: "Hoja",
    download: "Descargar esta hoja como CSV", import: "Importar CSV en una hoja nueva…", newTab: "Hoja nueva",
    rename: "Cambiar nombre", find: "Buscar…", goto: "Ir al principio",
    deleteKey: "Supr", undo: "Deshacer", redo: "Rehacer",
    undoLeft: (n) => `${n === 1 ? "Una celda" : `${n} celdas`} no se puede${n === 1 ? "" : "n"} deshacer: su fila, columna u hoja ya no está (pudo recogerla otra persona o un programa).`,
    undoOthers: (n) => `${n === 1 ? "Una celda se ha dejado" : `${n} celdas se han dejado`} como está${n === 1 ? "" : "n"}: otra persona o un programa ha cambiado su fila después.`,
    undoShut: (n) => `${n === 1 ? "Una celda se ha dejado" : `${n} celdas se han dejado`} como está${n === 1 ? "" : "n"}: ahora ${n === 1 ? "está protegida" : "están protegidas"}.`,
    undoAlready: () => "Ya estaba como antes: otra persona o un programa lo ha cambiado después.",
    undoKept: () => "No se ha quitado todo lo que se añadió o cambió: otra persona o un programa lo ha usado después, o está protegido.",
    error: "Error", noReason: "La fórmula da un error.", invalid: "No válido", invalidReason: "El contenido no cumple la regla de validación de la celda.",
    filtered: "La hoja tiene un filtro. Esta página lo muestra y no lo cambia.",
    filteredRows: (n) => `El filtro oculta ${n === 1 ? "una fila" : `${n} filas`}`,
    notCopied: (why) => `No se ha podido copiar: ${why}`,
    copy: "Copiar", clear: "Borrar contenido", other: "Escribir otro valor", tick: "Marcar o desmarcar casillas",
    saved: "Guardado", saving: "Guardando…", offline: "Sin conexión con el emulador; se reintenta…",
    operator: "Operador", allTabs: "Todas las hojas", sum: "Suma", average: "Promedio", min: "Mín.", max: "Máx.", count: "Recuento", numbers: "Recuento de números",
    protected: "Celda protegida",
    refused: "Estás intentando editar una celda o un objeto protegidos. Ponte en contacto con el propietario de la hoja de cálculo para quitar la protección si necesitas editar el contenido.",
    violated: (cell) => `El contenido que has introducido en la celda ${cell} infringe las reglas de validación de datos de esa celda.`,
    gone: "Esa fila ya no está: salió de la hoja mientras la editabas. No se ha escrito nada.",
    pasted: (n) => `${n} filas pegadas`, imported: (title, n) => `«${title}»: ${n} filas importadas`,
    noFiles: "Todavía no hay ninguna hoja de cálculo. Crea una aquí, o con la orden: sheets-crm init --new \"Mi CRM\"", firstFile: "Crear una hoja de cálculo", untitled: "Hoja de cálculo sin título", ownLocale: "es_ES",
    madeFile: (id) => `Creada. Su id, que también está en la dirección de esta página: ${id}`,
    noPlace: (text) => `«${text}» no es un rango de esta hoja de cálculo.`,
    tabGone: (title) => `La hoja «${title}» ya no está; se muestra otra.`,
    tornMerge: "No se puede pegar sobre una parte de celdas combinadas.",
    noCharts: "Para ver los gráficos: pip install 'sheets-crm[page]'",
    otherChart: (title) => `${title}\nEsta página no dibuja este tipo de gráfico.`.trim(),
    emptyChart: "Sin datos todavía",
    found: (place, n) => `${place} de ${n}`, foundHidden: (n) => ` (y ${n} en filas o columnas ocultas)`, notFound: "Ninguna celda lo contiene", searchFor: "Buscar en esta hoja",
    newName: "Hoja", again: "El emulador se ha reiniciado; se vuelve a cargar la página.",
  },
  en: {
    file: "File", edit: "Edit", tab: "Sheet",
    download: "Download this sheet as CSV", import: "Import CSV into a new sheet…", newTab: "New sheet",
    rename: "Rename", find: "Find…", goto: "Go to the beginning",
    deleteKey: "Del", undo: "Undo", redo: "Redo",
    undoLeft: (n) => `${n === 1 ? "One cell" : `${n} cells`} cannot be undone: the row, column or sheet is no longer there (somebody else or a program may have taken it).`,
    undoOthers: (n) => `${n === 1 ? "One cell was left as it is" : `${n} cells were left as they are`}: somebody else or a program has changed the row since.`,
    undoShut: (n) => `${n === 1 ? "One cell was left as it is: it is" : `${n} cells were left as they are: they are`} protected by now.`,
    undoAlready: () => "It already was as before: somebody else or a program has changed it since.",
    undoKept: () => "Not everything that was added or changed was taken back: somebody else or a program has used it since, or it is protected.",
    error: "Error", noReason: "The formula gives an error.", invalid: "Invalid", invalidReason: "The content does not meet the cell's validation rule.",
    filtered: "The sheet has a filter. This page shows it and does not change it.",
    filteredRows: (n) => `The filter hides ${n === 1 ? "one row" : `${n} rows`}`,
    notCopied: (why) => `It could not be copied: ${why}`,
    copy: "Copy", clear: "Clear contents", other: "Write another value", tick: "Tick or untick checkboxes",
    saved: "Saved", saving: "Saving…", offline: "No connection to the emulator; trying again…",
    operator: "Operator", allTabs: "All sheets", sum: "Sum", average: "Avg", min: "Min", max: "Max", count: "Count", numbers: "Count numbers",
    protected: "Protected cell",
    refused: "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.",
    violated: (cell) => `The data you entered in cell ${cell} violates the data validation rules set on this cell.`,
    gone: "That row is no longer there: it left the sheet while you were editing it. Nothing was written.",
    pasted: (n) => `${n} rows pasted`, imported: (title, n) => `“${title}”: ${n} rows imported`,
    noFiles: "There is no spreadsheet yet. Create one here, or with the command: sheets-crm init --new \"My CRM\"", firstFile: "Create a spreadsheet", untitled: "Untitled spreadsheet", ownLocale: "en_US",
    madeFile: (id) => `Created. Its id, which is also in this page's address: ${id}`,
    noPlace: (text) => `“${text}” is not a range of this spreadsheet.`,
    tabGone: (title) => `The sheet “${title}” is no longer there; another one is shown.`,
    tornMerge: "A block cannot be pasted over a part of merged cells.",
    noCharts: "To see the charts: pip install 'sheets-crm[page]'",
    otherChart: (title) => `${title}\nThis page does not draw charts of this kind.`.trim(),
    emptyChart: "No figures yet",
    found: (place, n) => `${place} of ${n}`, foundHidden: (n) => ` (and ${n} in hidden rows or columns)`, notFound: "No cell contains it", searchFor: "Find in this sheet",
    newName: "Sheet", again: "The emulator was started anew; loading the page again.",
  },
};

export const words = { ...WORDS.es };

export function speak(locale) {
  Object.assign(words, (locale || "").startsWith("en") ? WORDS.en : WORDS.es);
  document.documentElement.lang = (locale || "").startsWith("en") ? "en" : "es";
}

/** Google's messages for protected cells and strict validation, in the page's language; others as they came. */
export function told(message) {
  if (/protected cell or object/.test(message)) return words.refused;
  if (/over a part of merged cells/.test(message)) return words.tornMerge;
  const violated = /entered in cell (\w+) violates the data validation/.exec(message);
  return violated ? words.violated(violated[1]) : message;
}
