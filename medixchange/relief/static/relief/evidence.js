// What goes with a count: signatures, the place where the person gives it, and photos.
"use strict";

/** Join the fields of the page to `draft`; `changed` is called after every change. */
function evidence({ root, sheet, draft, changed, alarm }) {
  const { say, part } = Saying;
  const one = (name, within = root) => within.querySelector(`[data-${name}]`);

  function bind(field, of, name) {
    field.value = of[name] ?? "";
    field.addEventListener("input", () => { of[name] = field.value; changed(); });
  }

  function signing(side) {
    const fields = root.querySelector(`[data-sign=${side}]`);
    const of = draft.signatures[side];
    bind(one("name", fields), of, "name");
    bind(one("function", fields), of, "function");
    const select = one("organisation", fields);
    if (select) {
      for (const giver of sheet.givers) select.append(new Option(giver.name, giver.id));
      bind(select, of, "organisation");
    }
    const pad = signatureField(fields.querySelector("canvas"), of.strokes, () => {
      of.signed_at = of.strokes.length ? new Date().toISOString() : undefined;
      changed();
    });
    one("clear", fields).addEventListener("click", () => pad.clear());
  }

  function placing() {
    const [says, off] = [one("place-says"), one("place-off")];
    const show = () => {
      const at = draft.place;
      says.textContent = at ? say("position", { place: `${at.latitude.toFixed(5)}, ${at.longitude.toFixed(5)}` }) : "";
      off.hidden = !at;
    };
    one("place").addEventListener("click", () => {
      navigator.geolocation?.getCurrentPosition(({ coords }) => {
        draft.place = { latitude: coords.latitude, longitude: coords.longitude };
        show();
        changed();
      }, () => { says.textContent = say("no-position"); }, { enableHighAccuracy: true, timeout: 20000 });
    });
    off.addEventListener("click", () => { draft.place = null; show(); changed(); });
    show();
  }

  function photographing() {
    const shelf = one("photo-list");
    const show = async () => {
      shelf.replaceChildren(...await Promise.all(draft.photos.map(async (photo, index) => {
        const element = part("photo");
        const picture = element.querySelector("img");
        picture.alt = say("photo", { n: index + 1 });
        // The site's policy lets pictures come from data: and not from blob:.
        picture.src = await dataAddress(photo);
        element.querySelector("button").addEventListener("click", () => {
          draft.photos.splice(draft.photos.indexOf(photo), 1);
          changed();
          show();
        });
        return element;
      })));
    };
    one("photos").addEventListener("change", async ({ target }) => {
      const files = [...target.files];
      target.value = "";
      for (const file of files) {
        try {
          draft.photos.push(await smaller(file));
        } catch {
          alarm([say("photo-unread", { name: file.name })]);
        }
      }
      changed();
      show();
    });
    show();
  }

  const dataAddress = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });

  /** A photo small enough for a weak line, without what the camera wrote into it. */
  async function smaller(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  }

  for (const side of ["receiver", "giver"]) signing(side);
  bind(one("note"), draft, "note");
  placing();
  photographing();
}
