// Scanning into any <input data-scan>: by a scanner that types (keyboard wedge), by the camera, from
// a photo, or by hand. relief/parts/scanner.html has the markup and all words.
//
// The input gets the text, and a "scan" event that bubbles, with detail { text, how, read }:
// text as the code says it (ASCII 29 for FNC1), how "wedge", "camera", "photo" or "typed", and read
// what readGs1 makes of it. <input data-scan="submit"> then sends its form, unless the event's
// default is prevented; a form works so without this script, too.

const GS = "\x1d";

// -- Reading codes: as relief/labels/codes/reading.py, held to the same vectors.json ---------------

const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const SEPARATORS = /<GS>|\{GS\}|\[GS\]|\^\]|[\u241d\x1e|~]/g;
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xbe6, 0xe50, 0x1040, 0x17e0];
const GS1_SYMBOLOGIES = ["]C1", "]d2", "]Q3", "]e0", "]J1"];
const RETAIL_SYMBOLOGIES = ["]E0", "]E3", "]E4", "]I1"];
const LINK = /^\/relief\/r\/(document|consignment|box)\/([A-Za-z0-9._-]{1,64})\/?$/;
const SET_82 = "[!%-?A-Z_a-z\\x22]";
// Values by application identifier. Those that are in no code of relief goods are not here: a page
// sends what it cannot read to the server, which knows them all.
const FORMS = new Map(
  [
    ["00", "\\d{18}"], ["01 02", "\\d{14}"], ["11 12 13 15 16 17", "\\d{6}"], ["20", "\\d{2}"],
    ["10 21 22", `${SET_82}{1,20}`], ["30 37", "\\d{1,8}"], ["240 241 250 251 400", `${SET_82}{1,30}`],
    ["410 411 412 413 414 415 416 417", "\\d{13}"], ["710 711 712 713 714 715", `${SET_82}{1,20}`],
    ["90", `${SET_82}{1,30}`], ["91 92 93 94 95 96 97 98 99", `${SET_82}{1,90}`],
    ["3100 3101 3102 3103 3104 3105 3300 3301 3302 3303 3304 3305", "\\d{6}"],
  ].flatMap(([identifiers, form]) => identifiers.split(" ").map((ai) => [ai, new RegExp(`^${form}`)])),
);
const NAMES = { "00": "sscc", "01": "gtin", "02": "content", 10: "lot", 21: "serial" };
const DATES = { 11: "made_on", 15: "best_before", 17: "expires_on", 12: "", 13: "", 16: "" };

class Refusal extends Error {
  constructor(code, where = "") {
    super(code);
    Object.assign(this, { code, where });
  }
}

/**
 * What a code says: { gtin, lot, expires_on, ... } with dates as YYYY-MM-DD and only what it has;
 * or { refused: { code, where } }, where being the application identifier.
 */
export function readGs1(text) {
  try {
    return read(text);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { refused: { code: refusal.code, where: refusal.where } };
  }
}

function read(text) {
  const plain = trimmed(text.normalize("NFKC").replace(INVISIBLE, "").replace(/\p{Nd}/gu, asciiDigit));
  const symbology = /^\][A-Za-z][0-9]/.test(plain) ? plain.slice(0, 3) : "";
  const said = symbology ? { symbology } : {};
  let body = plain.slice(symbology.length);
  if (!body.replaceAll(GS, "")) throw new Refusal("empty");
  if (body.length > 400) throw new Refusal("too_long");
  if (/^https?:\/\//i.test(body)) return { ...said, ...fromAddress(body) };
  body = body.replace(SEPARATORS, GS);
  if (body.startsWith("(")) return { ...said, ...collected(fromReadable(body)) };
  const digits = body.replaceAll(" ", "");
  const isNumber = /^(\d{8}|\d{12,14}|\d{18})$/.test(digits);
  const isGs1 = GS1_SYMBOLOGIES.includes(symbology);
  if (RETAIL_SYMBOLOGIES.includes(symbology) || (!isGs1 && isNumber)) {
    if (!isNumber) throw new Refusal("length");
    const pair = digits.length === 18 ? ["00", digits] : ["01", digits.padStart(14, "0")];
    return { ...said, ...collected([pair]) };
  }
  if (isGs1 || body.includes(GS) || /^(00\d{18}|0[12]\d{14})/.test(body)) {
    return { ...said, ...collected(fromString(body)) };
  }
  if (!/^[\p{L}\p{N}_./ #:+-]{1,64}$/u.test(body)) throw new Refusal("unknown_code");
  return { ...said, reference: body };
}

function trimmed(text) {
  return text.replace(/^[ \r\n\t]+|[ \r\n\t]+$/g, "");
}

function asciiDigit(char) {
  const zero = ZEROS.find((each) => char.codePointAt(0) - each >= 0 && char.codePointAt(0) - each < 10);
  return zero === undefined ? char : String(char.codePointAt(0) - zero);
}

function fromAddress(address) {
  let url;
  let path = [];
  try {
    url = new URL(address);
    const steps = url.pathname.split("/");
    const first = steps.findIndex((step) => step === "01" || step === "00");
    if (first >= 0) path = steps.slice(first).map(decodeURIComponent);
  } catch {
    throw new Refusal("foreign_address");
  }
  const own = LINK.exec(url.pathname);
  if (own) return { kind: own[1], reference: own[2], site: url.origin };
  if (!path.length || path.length % 2) throw new Refusal("foreign_address");
  const pairs = [];
  for (let at = 0; at < path.length; at += 2) pairs.push([path[at], path[at + 1]]);
  if (pairs[0][0] === "01") pairs[0][1] = pairs[0][1].padStart(14, "0");
  for (const [key, value] of url.searchParams) if (FORMS.has(key)) pairs.push([key, value]);
  return collected(pairs);
}

function* fromReadable(text) {
  const parts = text.split(/\((\d{2,4})\)/);
  if (parts[0] || parts.length < 3) throw new Refusal("unknown_part", /^\((\d+)\)/.exec(text)?.[1]);
  for (let at = 1; at < parts.length; at += 2) yield [parts[at], parts[at + 1].replace(/\s|\x1d/g, "")];
}

function* fromString(text) {
  let rest = text.replace(/^\x1d+|\x1d+$/g, "");
  while (rest) {
    const ai = [2, 3, 4].map((length) => rest.slice(0, length)).find((start) => FORMS.has(start));
    if (!ai) throw new Refusal("unknown_part", /^\d{2,4}/.exec(rest)?.[0]);
    const part = rest.slice(ai.length).split(GS, 1)[0];
    const value = FORMS.get(ai).exec(part)?.[0];
    if (value === undefined) throw malformed(ai, part);
    yield [ai, value];
    rest = rest.slice(ai.length + value.length).replace(/^\x1d+/, "");
  }
}

function malformed(ai, value) {
  return new Refusal(ai in DATES && /^\d{6}/.test(value) ? "date" : "form", ai);
}

function collected(pairs) {
  const said = {};
  const values = new Map();
  for (const [ai, value] of pairs) {
    if (!FORMS.has(ai)) throw new Refusal("unknown_part", ai);
    if (FORMS.get(ai).exec(value)?.[0] !== value) throw malformed(ai, value);
    if (["00", "01", "02"].includes(ai) && !isChecked(value)) throw new Refusal("check_digit", ai);
    const day = ai in DATES ? dateOf(ai, value) : "";
    if (values.has(ai) && values.get(ai) !== value) throw new Refusal("twice", ai);
    values.set(ai, value);
    if (ai in NAMES) said[NAMES[ai]] = value;
    else if (DATES[ai]) said[DATES[ai]] = day;
  }
  const counted = values.has("37") ? "37" : "30";
  if (values.has(counted)) said.quantity = Number(values.get(counted));
  const others = [...values].filter(([ai]) => !(ai in NAMES) && !DATES[ai] && ai !== counted);
  if (others.length) said.others = others;
  return said;
}

/** GS1 General Specifications, section 7.9. */
function isChecked(digits) {
  const sum = [...digits].reverse().reduce((all, digit, at) => all + digit * (at % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** GS1 General Specifications, sections 3.4 (day 00 is the last of the month) and 7.12 (century). */
function dateOf(ai, value) {
  const [two, month, day] = [0, 2, 4].map((at) => Number(value.slice(at, at + 2)));
  const now = new Date().getUTCFullYear();
  let year = now - (now % 100) + two;
  if (two - (now % 100) >= 51) year -= 100;
  else if (two - (now % 100) <= -50) year += 100;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day > last) throw new Refusal("date", ai);
  return [year, month, day || last].map((part) => String(part).padStart(2, "0")).join("-");
}

// -- Handing over ----------------------------------------------------------------------------------

function deliver(input, text, how) {
  input.value = text;
  const detail = { text, how, read: readGs1(text) };
  const goesOn = input.dispatchEvent(new CustomEvent("scan", { bubbles: true, cancelable: true, detail }));
  if (goesOn && input.dataset.scan === "submit") input.form?.requestSubmit();
}

// -- Scanners that type -----------------------------------------------------------------------------

// A scanner types a key every few milliseconds, a cheap wireless one every 50; nobody types so fast.
const GAP = 60;
const SHORTEST = 5;
let burst = { keys: "", last: 0, field: null, before: "", alt: "" };

document.addEventListener("keydown", wedge, true);

function wedge(event) {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const now = event.timeStamp;
  if (now - burst.last > GAP) {
    const field = document.activeElement;
    burst = { keys: "", last: now, field, before: field?.value, alt: "" };
  }
  burst.last = now;
  if (event.key === "Enter" || event.key === "Tab") return ended(event);
  const typed = character(event);
  burst.keys += typed;
  // A browser has uses of its own for the keys that stand for a separator.
  if (typed === GS) event.preventDefault();
}

/** What a key adds to a code: itself, or ASCII 29 for what scanners press in its place. */
function character(event) {
  if (event.key === GS || event.key === "F8") return GS;
  if (event.ctrlKey && (event.key === "]" || event.code === "BracketRight")) return GS;
  if (event.altKey && /^\d$/.test(event.key)) {
    burst.alt += event.key;
    if (!/^0*29$/.test(burst.alt)) return "";
    burst.alt = "";
    return GS;
  }
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key : "";
}

function ended(event) {
  const { keys, field, before } = burst;
  burst = { keys: "", last: 0, field: null, before: "", alt: "" };
  const own = field?.matches?.("input[data-scan]") ? field : null;
  if (keys.length >= SHORTEST) {
    const input = own ?? inputFor(field);
    if (!input) return;
    event.preventDefault();
    event.stopPropagation();
    // It has typed into whatever had the focus, such as a number: put that back.
    if (!own && before !== undefined) {
      field.value = before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    deliver(input, keys, "wedge");
  } else if (own && event.key === "Enter" && own.value.trim()) {
    event.preventDefault();
    deliver(own, own.value, "typed");
  }
}

/** Where a scan goes if the focus is elsewhere. A field with data-scan-off keeps what it gets. */
function inputFor(field) {
  if (field?.closest?.("[data-scan-off]")) return null;
  return field?.form?.querySelector("input[data-scan]") ?? document.querySelector("input[data-scan]");
}

// -- Camera and photo -------------------------------------------------------------------------------

const dialog = document.querySelector("dialog[data-scanner]");
const FORMATS = ["qr_code", "data_matrix", "code_128", "ean_13", "ean_8", "itf"];
// What a scanner would send first, for those of which it says something.
const IDENTIFIERS = { ean_13: "]E0", ean_8: "]E4", code_128: "", data_matrix: "", qr_code: "" };
let target = null;
let stream = null;
let detector = null;

/** Give every input its button; call again after a page has got new ones. */
export function enhance(root = document) {
  const template = document.querySelector("template[data-scanner-button]");
  if (!dialog || !template) return;
  for (const input of root.querySelectorAll("input[data-scan]:not([data-scan-ready])")) {
    input.dataset.scanReady = "";
    const button = template.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => open(input));
    input.after(button);
  }
}

if (dialog) {
  dialog.addEventListener("close", shut);
  dialog.querySelector("[data-scanner-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-scanner-photo]").addEventListener("change", photo);
  dialog.querySelector("[data-scanner-light]").addEventListener("click", light);
  document.addEventListener("htmx:load", (event) => enhance(event.target));
  enhance();
}

function say(word) {
  dialog.querySelector("[data-scanner-says]").textContent = word ? dialog.dataset[word] : "";
}

async function open(input) {
  target = input;
  const video = dialog.querySelector("video");
  video.hidden = true;
  say("starting");
  dialog.showModal();
  let got;
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    got = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    // Without a secure address there is no mediaDevices at all.
    return say(error.name === "NotAllowedError" ? "forbidden" : "absent");
  }
  if (!dialog.open) return got.getTracks().forEach((track) => track.stop());
  stream = got;
  video.srcObject = stream;
  await video.play();
  video.hidden = false;
  const [track] = stream.getVideoTracks();
  dialog.querySelector("[data-scanner-light]").hidden = !track.getCapabilities?.().torch;
  say("looking");
  watch(video, stream);
}

function shut() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  dialog.querySelector("video").srcObject = null;
  say("");
}

async function light(event) {
  const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
  event.currentTarget.setAttribute("aria-pressed", String(on));
  await stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
}

// How a picture is looked at in turn: the share of its middle, how many pixels wide, and turned by
// how many degrees. The whole finds what is near, the middle at full size what is small.
const LOOKS = [[1, 800, 0], [0.5, 800, 0], [0.75, 700, 30], [1, 800, 0], [0.5, 800, 0], [0.75, 700, -30]];
const PHOTO_LOOKS = [[1, 1000, 0], [1, 2000, 0], [0.6, 1200, 0], [1, 500, 0], [0.8, 1200, 30], [0.8, 1200, -30]];

async function watch(video, watched) {
  for (let frame = 0; stream === watched; frame += 1) {
    const look = LOOKS[frame % LOOKS.length];
    const text = await find(video, video.videoWidth, video.videoHeight, look);
    if (stream !== watched) return;
    if (text) return found(text, "camera");
    await new Promise((next) => setTimeout(next, 60));
  }
}

async function photo(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  say("reading");
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return say("unread");
  }
  for (const look of PHOTO_LOOKS) {
    const text = await find(picture, picture.width, picture.height, look);
    if (!dialog.open) return;
    if (text) return found(text, "photo");
  }
  say("unread");
}

function found(text, how) {
  const input = target;
  navigator.vibrate?.(80);
  dialog.close();
  deliver(input, text, how);
}

/** The first code in the middle share of a picture, drawn at most so many pixels wide and turned. */
async function find(source, width, height, [share, most, degrees]) {
  if (!width || !height) return null;
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, most / (width * share));
  canvas.width = Math.round(width * share * scale);
  canvas.height = Math.round(height * share * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((degrees * Math.PI) / 180);
  context.scale(scale, scale);
  context.drawImage(source, -width / 2, -height / 2);
  detector ??= await makeDetector();
  return detector(canvas, context);
}

/** The browser's own detector if it reads all we need, else the packaged one. */
async function makeDetector() {
  if ("BarcodeDetector" in window) {
    const known = await BarcodeDetector.getSupportedFormats();
    if (FORMATS.slice(0, 3).every((format) => known.includes(format))) {
      const own = new BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) });
      const packaged = makePackaged();
      return async (canvas, context) => {
        try {
          const [code] = await own.detect(canvas);
          return code ? (IDENTIFIERS[code.format] ?? "") + code.rawValue : null;
        } catch {
          return packaged(canvas, context);
        }
      };
    }
  }
  return makePackaged();
}

function makePackaged() {
  let worker = null;
  let asked = 0;
  return (canvas, context) => {
    worker ??= new Worker(dialog.dataset.decoder);
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    const grey = new Uint8ClampedArray(width * height);
    for (let at = 0; at < grey.length; at += 1) {
      const pixel = at * 4;
      grey[at] = (data[pixel] + 2 * data[pixel + 1] + data[pixel + 2]) >> 2;
    }
    const id = (asked += 1);
    return new Promise((answered, failed) => {
      worker.onerror = failed;
      worker.onmessage = ({ data: answer }) => answer.id === id && answered(answer.text);
      worker.postMessage({ id, grey, width, height }, [grey.buffer]);
    });
  };
}
