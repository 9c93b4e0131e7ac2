// A picture before it is sent: large ones are drawn smaller, what only this browser can read becomes a JPEG, and the facts of the
// camera (where, when) go along, because the city finds the place by them. Without this file pictures are sent as they are.
"use strict";

(() => {
  const LONGEST = 2560;
  const SMALL_ENOUGH = 2 * 2 ** 20;
  const TOO_LARGE = 20 * 2 ** 20;
  const QUALITY = 0.86;

  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
  const isJpeg = (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8;
  const isPng = (bytes) => bytes[0] === 0x89 && bytes[1] === 0x50;

  // The first Exif segment of a JPEG, with the picture said to be upright: the canvas has turned it.
  const exifOf = (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; at += 2 + view.getUint16(at + 2)) {
      if (bytes[at + 1] !== 0xe1 || String.fromCharCode(...bytes.subarray(at + 4, at + 8)) !== "Exif") continue;
      const segment = bytes.slice(at, at + 2 + view.getUint16(at + 2));
      turnUpright(segment);
      return segment;
    }
    return null;
  };

  const turnUpright = (segment) => {
    const view = new DataView(segment.buffer);
    const start = 10; // marker, length, "Exif", two zeros
    const little = view.getUint16(start) === 0x4949;
    const first = start + view.getUint32(start + 4, little);
    const count = view.getUint16(first, little);
    for (let n = 0; n < count; n++) {
      const entry = first + 2 + n * 12;
      if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
    }
  };

  const withExif = async (drawn, segment) => {
    const bytes = await bytesOf(drawn);
    return new Blob([bytes.subarray(0, 2), segment, bytes.subarray(2)], { type: "image/jpeg" });
  };

  // {name, blob}; throws Error("unread") or Error("large").
  const prepared = async (file) => {
    const head = await bytesOf(file.slice(0, 256 * 1024));
    const plain = isJpeg(head) || isPng(head);
    if (plain && file.size <= SMALL_ENOUGH) return { name: file.name, blob: file };
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      if (!plain) throw new Error("unread");
      if (file.size > TOO_LARGE) throw new Error("large");
      return { name: file.name, blob: file }; // the server says what is wrong with it
    }
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.max(1, Math.round(picture.width * share)), height: Math.max(1, Math.round(picture.height * share)),
    });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    let blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob) throw new Error("unread");
    try {
      const segment = isJpeg(head) ? exifOf(head) : null;
      if (segment) blob = await withExif(blob, segment);
    } catch {
      // Facts that are broken are left behind.
    }
    return { name: `${file.name.replace(/\.[^.]*$/, "") || "anh"}.jpg`, blob };
  };

  const drawSmall = async (blob) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 128, height: 96, className: "shot" });
    try {
      const picture = await createImageBitmap(blob, { imageOrientation: "from-image", resizeWidth: 128 });
      canvas.getContext("2d").drawImage(picture, 0, 0, 128, (128 * picture.height) / picture.width);
      picture.close();
    } catch {
      // A grey box: the name says which one it is.
    }
    return canvas;
  };

  window.pictures = { prepared, drawSmall };
})();
