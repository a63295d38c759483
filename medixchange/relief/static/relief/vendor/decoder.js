// A worker that reads QR, DataMatrix, Code 128 (GS1-128), EAN/UPC and ITF-14 from grey pixels, by
// @zxing/library and, for Code 128, by code128.js. README.md tells how it is bundled to
// decoder.min.js; of the library only these readers are taken, which makes the file a third as large.
//
// Asked: { id, grey, width, height }, grey being one byte a pixel. Answered: { id, text }, text
// being what a scanner would send: symbology identifier (ISO/IEC 15424) first, ASCII 29 for FNC1;
// null where there is no code.
import BinaryBitmap from "@zxing/library/esnext/core/BinaryBitmap.js";
import DecodeHintType from "@zxing/library/esnext/core/DecodeHintType.js";
import BarcodeFormat from "@zxing/library/esnext/core/BarcodeFormat.js";
import RGBLuminanceSource from "@zxing/library/esnext/core/RGBLuminanceSource.js";
import GlobalHistogramBinarizer from "@zxing/library/esnext/core/common/GlobalHistogramBinarizer.js";
import HybridBinarizer from "@zxing/library/esnext/core/common/HybridBinarizer.js";
import DataMatrixReader from "@zxing/library/esnext/core/datamatrix/DataMatrixReader.js";
import ITFReader from "@zxing/library/esnext/core/oned/ITFReader.js";
import MultiFormatUPCEANReader from "@zxing/library/esnext/core/oned/MultiFormatUPCEANReader.js";
import QRCodeReader from "@zxing/library/esnext/core/qrcode/QRCodeReader.js";
import { readCode128 } from "./code128.js";

const EAN = new Map([
  [DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.EAN_13, BarcodeFormat.EAN_8]],
]);
const squares = [new QRCodeReader(), new DataMatrixReader()];
const bars = [new MultiFormatUPCEANReader(EAN), new ITFReader()];

self.onmessage = ({ data }) => {
  self.postMessage({ id: data.id, text: decode(data.grey, data.width, data.height) });
};

function decode(grey, width, height) {
  const sscc = readCode128(grey, width, height);
  if (sscc) return sscc;
  const source = new RGBLuminanceSource(grey, width, height);
  for (const Binarizer of [HybridBinarizer, GlobalHistogramBinarizer]) {
    const bitmap = new BinaryBitmap(new Binarizer(source));
    for (const reader of squares) {
      const found = attempt(() => reader.decode(bitmap, new Map([[DecodeHintType.TRY_HARDER, true]])));
      if (found) return asScanner(found);
    }
  }
  const rows = new BinaryBitmap(new GlobalHistogramBinarizer(source));
  for (const reader of bars) {
    const found = attempt(() => reader.decode(rows, EAN));
    const text = found && isThereTwice(reader, rows, found) ? asScanner(found) : null;
    if (text) return text;
  }
  return null;
}

/** Their one check digit lets a line of print pass for bars: rows well above and below must agree. */
function isThereTwice(reader, rows, found) {
  const middle = Math.round(found.getResultPoints()[0].getY());
  const apart = Math.max(4, Math.round(rows.getHeight() / 40));
  const around = [-2, -1, 1, 2].map((steps) => middle + steps * apart);
  const alike = around.filter((y) => {
    if (y < 0 || y >= rows.getHeight()) return false;
    return attempt(() => reader.decodeRow(y, rows.getBlackRow(y, null), EAN))?.getText() === found.getText();
  });
  return alike.length >= 2;
}

function attempt(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

function asScanner(result) {
  const text = result.getText();
  switch (result.getBarcodeFormat()) {
    case BarcodeFormat.DATA_MATRIX:
      return text.startsWith("\x1d") ? "]d2" + text.slice(1) : "]d1" + text;
    case BarcodeFormat.EAN_8:
      return "]E4" + text;
    case BarcodeFormat.EAN_13:
      return "]E0" + text;
    case BarcodeFormat.ITF:
      // Part of an ITF is an ITF as well: only the whole of a carton's 14 digits is taken.
      return isChecked(text) ? "]I1" + text : null;
    default:
      return "]Q1" + text;
  }
}

function isChecked(digits) {
  if (!/^\d{14}$/.test(digits)) return false;
  const sum = [...digits].reduce((all, digit, at) => all + digit * (at % 2 ? 1 : 3), 0);
  return sum % 10 === 0;
}
