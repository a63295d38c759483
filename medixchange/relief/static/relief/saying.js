// Words, numbers and dates of the pages of receiving, in the page's language.
"use strict";

const Saying = (() => {
  const { lang } = document.documentElement;
  const words = {};
  for (const template of document.querySelectorAll("template[data-words]")) {
    for (const word of template.content.querySelectorAll("[data-word]")) {
      words[word.dataset.word] = word.textContent;
    }
  }
  const numbers = new Intl.NumberFormat(`${lang}-u-nu-latn`);
  const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xbe6, 0xe50, 0x1040, 0x17e0];

  /** A word or sentence with its braces filled in. */
  function say(word, filled = {}) {
    return (words[word] ?? word).replace(/\{(\w+)\}/g, (all, name) => filled[name] ?? all);
  }

  const number = (value) => numbers.format(value);
  const day = (iso) =>
    new Intl.DateTimeFormat(`${lang}-u-nu-latn-ca-gregory`, { dateStyle: "medium", timeZone: "UTC" })
      .format(new Date(`${iso}T00:00:00Z`));
  const time = (at) =>
    new Intl.DateTimeFormat(`${lang}-u-nu-latn-ca-gregory`, { dateStyle: "medium", timeStyle: "short" }).format(at);

  /** A whole number in digits of any of our scripts; 0 for nothing, NaN for anything else. */
  function whole(text) {
    const plain = String(text ?? "").replace(/\s/g, "");
    if (!plain) return 0;
    let value = 0;
    for (const char of plain) {
      const code = char.codePointAt(0);
      const zero = ZEROS.find((each) => code >= each && code < each + 10);
      if (zero === undefined) return NaN;
      value = value * 10 + (code - zero);
    }
    return value <= 1e10 ? value : NaN;
  }

  /**
   * A list's entries as text, in place of what stood there. An entry is a sentence, or a problem as
   * the server says it, with the page where it can be put right.
   */
  function list(element, sentences) {
    element.replaceChildren(...sentences.map((sentence) => {
      const entry = document.createElement("li");
      entry.textContent = sentence.what ?? sentence;
      if (sentence.page) {
        const link = document.createElement("a");
        link.href = sentence.page;
        link.textContent = say("there");
        entry.append(" ", link);
      }
      return entry;
    }));
  }

  /** From where to where; each name keeps its own direction. */
  const way = ({ from, to }) => say("way", { from: `\u2068${from}\u2069`, to: `\u2068${to}\u2069` });

  const part = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);

  return { say, number, day, time, whole, list, part, lang, way };
})();
