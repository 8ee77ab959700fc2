// One sheet of text as an Excel workbook: a zip that packs nothing. No cell is a formula or a link.
"use strict";
(function () {
  const table = Array.from({ length: 256 }, function (_, n) {
    for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n >>> 0;
  });
  function crc32(bytes) {
    return (bytes.reduce(function (sum, byte) { return table[(sum ^ byte) & 255] ^ (sum >>> 8); }, -1) ^ -1) >>> 0;
  }
  function numbers(sizes, values) {  // little ends first, as zip has them
    const found = new Uint8Array(sizes.reduce(function (sum, size) { return sum + size; }, 0)), view = new DataView(found.buffer);
    let at = 0;
    sizes.forEach(function (size, place) {
      if (size === 2) view.setUint16(at, values[place], true); else view.setUint32(at, values[place], true);
      at += size;
    });
    return found;
  }
  function zipped(files) {
    const parts = [], listed = [];
    let at = 0;
    files.forEach(function (file) {
      const name = new TextEncoder().encode(file[0]), data = new TextEncoder().encode(file[1]);
      // Version 2.0, names in UTF-8, nothing packed, 1 January 1980.
      const told = [20, 0x800, 0, 0, 33, crc32(data), data.length, data.length, name.length, 0];
      const head = numbers([4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2], [0x04034b50].concat(told));
      listed.push(numbers([4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4], [0x02014b50, 20].concat(told, [0, 0, 0, 0, at])), name);
      parts.push(head, name, data);
      at += head.length + name.length + data.length;
    });
    const size = listed.reduce(function (sum, part) { return sum + part.length; }, 0);
    return parts.concat(listed, numbers([4, 2, 2, 2, 2, 4, 4, 2], [0x06054b50, 0, 0, files.length, files.length, size, at, 0]));
  }
  function escaped(text) {
    return String(text).replace(/[^\t\n\r\u0020-\uffff]/g, "").replace(/[&<>"]/g, function (one) {
      return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[one];
    });
  }
  window.afterdebate.sheet = function (name, rows) {
    const first = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const packages = "http://schemas.openxmlformats.org/package/2006/";
    const kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    const cells = rows.map(function (row) {
      return "<row>" + row.map(function (cell) {
        return '<c t="inlineStr"><is><t xml:space="preserve">' + escaped(cell) + "</t></is></c>";
      }).join("") + "</row>";
    }).join("");
    function relation(kind, target) {
      return `${first}<Relationships xmlns="${packages}relationships"><Relationship Id="rId1" Type="${documents}/${kind}" Target="${target}"/></Relationships>`;
    }
    return new Blob(zipped([
      ["[Content_Types].xml", `${first}<Types xmlns="${packages}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}worksheet+xml"/></Types>`],
      ["_rels/.rels", relation("officeDocument", "xl/workbook.xml")],
      ["xl/workbook.xml", `${first}<workbook xmlns="${main}" xmlns:r="${documents}"><sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
      ["xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")],
      ["xl/worksheets/sheet1.xml", `${first}<worksheet xmlns="${main}"><sheetData>${cells}</sheetData></worksheet>`],
    ]), { type: kinds + "sheet" });
  };
})();
