// Puts the header and the footer of document `index` on every page of the body.
//
// Odoo hands over one page with all headers and one with all footers, in the
// order of the documents. Chromium repeats fixed elements on each page, and the
// head and foot of a table keep the room for them free.
(headers, footers, index, top, left, right) => {
  const pick = (source, id) => {
    if (!source) return "";
    const page = new DOMParser().parseFromString(source, "text/html");
    const holder = page.getElementById(id);
    const part = holder && holder.children[index];
    return part ? part.outerHTML : "";
  };
  const header = pick(headers, "minimal_layout_report_headers");
  const footer = pick(footers, "minimal_layout_report_footers");
  const body = document.body;
  body.classList.remove("overflow-hidden");
  body.innerHTML = `
    <div id="print-header">${header}</div>
    <div id="print-footer">${footer}</div>
    <table id="print-page">
      <thead><tr><td><div id="print-top"></div></td></tr></thead>
      <tfoot><tr><td><div id="print-bottom"></div></td></tr></tfoot>
      <tbody><tr><td>${body.innerHTML}</td></tr></tbody>
    </table>`;
  const style = document.createElement("style");
  style.textContent = `
    html, body { height: auto !important; margin: 0 !important; }
    body { max-width: none !important; padding: 0 !important; }
    #print-page { width: 100%; border-collapse: collapse; }
    #print-page > * > tr > td { padding: 0 ${right}mm 0 ${left}mm; border: 0; }
    #print-header, #print-footer { position: fixed; left: ${left}mm; right: ${right}mm; }
    #print-header { top: 0; }
    #print-footer { bottom: 0; }`;
  document.head.appendChild(style);
  // Chromium numbers the pages itself, below the footer.
  const numbers = "#print-header .page, #print-footer .page";
  document.querySelectorAll(numbers).forEach((node) => node.parentElement.remove());
  const loaded = [...document.images].map(
    (image) =>
      image.complete ||
      new Promise((done) => {
        image.onload = image.onerror = done;
      })
  );
  return Promise.all(loaded)
    .then(() => document.fonts.ready)
    .then(() => {
      const height = (id) =>
        document.getElementById(id).getBoundingClientRect().height;
      const room = Math.max(height("print-header") + 12, header ? 0 : (top * 96) / 25.4);
      document.getElementById("print-top").style.height = `${room}px`;
      document.getElementById("print-bottom").style.height =
        `${height("print-footer") + 8}px`;
    });
}
