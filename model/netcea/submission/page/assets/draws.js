/* Draws, unpacked: submission/page/packed.py says how they travel. */

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function columnsOf(bytes, about, rows) {
  let at = 0;
  return about.map((column) => {
    const values = new Float64Array(rows);
    let scale = 1;
    for (let k = 0; k < column.bytes; k++, at += rows, scale *= 256) {
      for (let i = 0; i < rows; i++) values[i] += bytes[at + i] * scale;
    }
    for (let i = 0; i < rows; i++) values[i] = (values[i] + column.least) / column.steps;
    return values;
  });
}

async function unpackedDraws(text, about, rows) {
  return columnsOf(await inflated(bytesOf(text.trim())), about, rows);
}
