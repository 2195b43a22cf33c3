// How a definition's words find an element of a page: by the label a person sees, then by selector.
//
// This is a Playwright selector engine; it runs in a world of its own, out of the page's reach.
// It answers with every element that fits equally well: the caller acts on exactly one, and never
// guesses among several. Hidden boxes, traps for robots, site search and newsletter boxes are never
// among the answers to `fill`.
(() => {
  const CONTROLS = {
    fill: "input, textarea, [role=textbox], [role=searchbox], [contenteditable=true]",
    select: "select",
    check: "input[type=checkbox], [role=checkbox], [role=switch]",
    radio: "input[type=radio], [role=radio]",
    // The last ones are react-select's, which older pages draw without any role.
    list: "[role=listbox], [role=combobox], [aria-haspopup=listbox], .select__control",
    option: "[role=option], .select__option",
    press: "button, [role=button], input[type=submit], input[type=button], input[type=image], " +
      "a[href], summary, [role=link], [role=tab], [role=menuitem]",
    any: "*",
  };
  const NOT_TYPED = new Set(["hidden", "checkbox", "radio", "submit", "button", "image", "reset",
    "file", "color", "range", "password"]);
  const TRAP = /honey.?pot|gform_honey|hpot|bot.?(trap|field|check)|no.?bots?\b|leave.?(this.?)?(blank|empty)/i;
  const TRAP_NAME = /^(hp|hpt)([-_\d]|$)|[-_]hp$|^(website|web_site|homepage|instagram|fax)([-_]?\d*)$/i;
  const SEARCH_NAME = /^(q|s|query|search|site-?search|search-?(term|query|text|box)|keywords?)$/i;
  const NEWSLETTER = /news-?letter|mailing-?list|subscri(be|ption)/i;
  const SUBSCRIBES = /(?<!un[-\s]?)subscri(be|ption)/i;
  const LEAVES = /un[-\s]?subscri|opt[-\s]?out|desuscri|darse de baja/i;

  const parentOf = (el) => el.parentElement || (el.getRootNode().host ?? null);
  const ancestors = function* (el) {
    for (let at = parentOf(el); at; at = parentOf(at)) yield at;
  };
  const attr = (el, name) => Element.prototype.getAttribute.call(el, name) ?? "";

  function* every(root, selector) {
    for (const el of root.querySelectorAll("*")) {
      if (el.matches(selector)) yield el;
      if (el.shadowRoot) yield* every(el.shadowRoot, selector);
    }
  }

  const plain = (text) => text.normalize("NFKC").replace(/[\p{Cf}\p{Cc}]/gu, " ")
    .replace(/\s+/g, " ").trim();
  const tidy = (text) => plain(text)
    .replace(/\s*\((required|optional)\)/gi, "").replace(/[\s*:?.•✱]+$/u, "").replace(/^[\s*•✱]+/u, "");
  const label = (text) => tidy(text).toLowerCase();

  function ownText(el) {
    let text = "";
    const walk = (node) => {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) text += child.data + " ";
        else if (child.nodeType === Node.ELEMENT_NODE &&
          !child.matches("select, option, input, textarea, button, script, style, template")) walk(child);
      }
    };
    walk(el);
    return text;
  }

  function isShown(el) {
    const box = el.getBoundingClientRect();
    if (box.width <= 2 || box.height <= 2) return false;
    const view = el.ownerDocument.defaultView;
    if (box.right + view.scrollX <= 0 || box.bottom + view.scrollY <= 0) return false;
    const style = view.getComputedStyle(el);
    if (style.visibility !== "visible" || style.display === "none") return false;
    if (isPaintedOver(style)) return false;
    for (const at of ancestors(el)) {
      const of = view.getComputedStyle(at);
      if (isPaintedOver(of) || attr(at, "aria-hidden") === "true") return false;
      const around = at.getBoundingClientRect();
      const cut = of.overflowX !== "visible" && of.overflowY !== "visible";
      if (cut && (around.width <= 2 || around.height <= 2)) return false;
    }
    return attr(el, "aria-hidden") !== "true";
  }
  const isPaintedOver = (style) => parseFloat(style.opacity) < 0.05 ||
    /^rect\(0px,? 0px,? 0px,? 0px\)|^rect\(1px/.test(style.clip) ||
    /inset\((50|100)%/.test(style.clipPath);

  function isTrap(el) {
    const names = [el.id, attr(el, "name")];
    if (names.some((name) => TRAP_NAME.test(name))) return true;
    let steps = 0;
    for (let at = el; at && steps < 4; at = parentOf(at), steps += 1) {
      if (at.matches("form, body, html")) break;
      if (TRAP.test(`${at.id} ${attr(at, "class")} ${attr(at, "name")} ${attr(at, "data-type")}`)) return true;
    }
    return labelsOf(el).some((text) => TRAP.test(text) || /leave (this|it) (field )?(blank|empty)/i.test(text));
  }

  function isSiteSearch(el) {
    if (el.matches("input[type=search], [role=searchbox]")) return true;
    if (SEARCH_NAME.test(attr(el, "name")) || SEARCH_NAME.test(el.id)) return true;
    return isInSiteSearch(el);
  }
  function isInSiteSearch(el) {
    const around = el.closest("search, [role=search]");
    return Boolean(around) && [...every(around, CONTROLS.fill)].filter(isTypedInto).length < 2;
  }

  // A form that ends a newsletter is a request like others; one that offers both is none.
  function isNewsletter(el) {
    const own = `${el.id} ${attr(el, "name")}`;
    if (NEWSLETTER.test(own) && !LEAVES.test(own)) return true;
    const form = el.closest("form, fieldset, section, footer, aside");
    if (!form) return false;
    const boxes = [...every(form, CONTROLS.fill)].filter((box) => isTypedInto(box) && isShown(box));
    if (boxes.length > 2) return false;
    const buttons = [...every(form, CONTROLS.press)].map(nameOfButton);
    const named = [form.id, attr(form, "class"), attr(form, "name"), attr(form, "action"),
      attr(form, "aria-label"), ...buttons];
    if (buttons.some((text) => SUBSCRIBES.test(text))) return true;
    return !named.some((text) => LEAVES.test(text)) && named.some((text) => NEWSLETTER.test(text));
  }

  const isTypedInto = (el) => !el.matches("input") || !NOT_TYPED.has(el.type);

  // As the page writes them; `labelsOf` is what they are compared by.
  function wordsOf(el) {
    const texts = [];
    for (const id of attr(el, "aria-labelledby").split(/\s+/).filter(Boolean)) {
      const named = el.getRootNode().getElementById?.(id);
      if (named) texts.push(ownText(named) || named.textContent);
    }
    if (attr(el, "aria-label")) texts.push(attr(el, "aria-label"));
    for (const one of el.labels ?? []) texts.push(ownText(one));
    const wrapped = el.closest("label");
    if (wrapped && !el.labels) texts.push(ownText(wrapped));
    return texts;
  }
  const labelsOf = (el) => wordsOf(el).map(label).filter(Boolean);
  const hintsOf = (el) => [attr(el, "placeholder"), attr(el, "title")].map(label).filter(Boolean);

  const wordsOfButton = (el) => attr(el, "aria-label") || (el.matches("input")
    ? (el.value || attr(el, "alt") || (el.type === "submit" ? "Submit" : ""))
    : (el.innerText || el.textContent || attr(el, "title")));
  const nameOfButton = (el) => label(wordsOfButton(el));

  function namesOfButton(el) {
    const inner = el.matches("input") ? el.value : (el.innerText || el.textContent);
    return [attr(el, "aria-label"), inner, attr(el, "title"), attr(el, "alt")].map(label).filter(Boolean);
  }

  // A control whose words stand beside it and are tied to it by nothing but their place: the text
  // belongs to the one control in the smallest part of the page that holds both.
  function besideText(root, wanted, isRight, fits) {
    const found = new Set();
    for (const el of every(root, "*")) {
      if (el.matches("script, style, option, button, label[for]") || el.childElementCount > 3) continue;
      if (!fits(label(ownText(el)))) continue;
      for (const around of [el, ...ancestors(el)]) {
        if (around.matches("form, body, html")) break;
        const inside = [...every(around, wanted)].filter(isRight);
        const after = inside.filter((one) => el.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING || el.contains(one));
        if (inside.length === 1 && after.length === 1) found.add(inside[0]);
        if (inside.length) break;
      }
    }
    return [...found];
  }

  function bySelector(root, into) {
    if (!into) return [];
    try {
      if (/^(\/|\(|\.\/|\.$)/.test(into)) {
        const doc = root.ownerDocument ?? root;
        const all = doc.evaluate(into, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
        // XPath may end in a text or an attribute: what is meant is the element that holds it.
        return Array.from({ length: all.snapshotLength }, (_, i) => all.snapshotItem(i))
          .map((node) => node.nodeType === Node.ELEMENT_NODE ? node : node.ownerElement ?? node.parentElement)
          .filter(Boolean);
      }
      return [...every(root, into)];
    } catch {
      return [];
    }
  }

  const hasShownLabel = (el) => [...(el.labels ?? [])].some(isShown) ||
    Boolean(el.closest("label") && isShown(el.closest("label")));

  function rightFor(want) {
    const kind = CONTROLS[want];
    if (want === "fill") {
      return (el) => el.matches(kind) && isTypedInto(el) && isShown(el) && !isTrap(el) &&
        !isSiteSearch(el) && !isNewsletter(el);
    }
    // Pages paint their own boxes and dots over a transparent control: its label is what is seen.
    if (want === "radio" || want === "check") return (el) => el.matches(kind) && (isShown(el) || hasShownLabel(el));
    return (el) => el.matches(kind) && isShown(el);
  }

  // The first way of looking that finds anything decides; later ways are weaker.
  function byWords(root, want, words, isRight) {
    const wanted = label(words);
    if (!wanted) return [];
    const same = (text) => text === wanted;
    const begins = (text) => text.startsWith(wanted) && !/[\p{L}\p{N}]/u.test(text[wanted.length] ?? " ");
    const all = [...every(root, CONTROLS[want])].filter(isRight);
    const texts = want === "press" || want === "option" ? namesOfButton : labelsOf;
    const hints = want === "press" || want === "option" ? () => [] : hintsOf;
    const ways = [
      () => all.filter((el) => texts(el).some(same)),
      () => all.filter((el) => hints(el).some(same)),
      () => want === "press" || want === "option" ? [] : besideText(root, CONTROLS[want], isRight, same),
      () => all.filter((el) => texts(el).some(begins)),
      () => all.filter((el) => hints(el).some(begins)),
    ];
    for (const way of ways) {
      const found = way();
      if (found.length) return innermost(found);
    }
    return [];
  }

  // A button inside a link counts once.
  const innermost = (found) => found.filter((el) => !found.some((other) => other !== el && el.contains(other)));

  // Cards are pressed anywhere: their title stands for the card, whatever it is made of.
  const aroundTitle = (el, want) => want === "press" && el.matches("h1, h2, h3, h4, h5, h6") && isShown(el)
    ? [el.closest(CONTROLS.press) ?? el] : [];

  function find(root, ask) {
    const isRight = rightFor(ask.want);
    const selected = new Set();
    for (const el of bySelector(root, ask.into)) {
      const inside = isRight(el) ? [el] : [...every(el, CONTROLS[ask.want])].filter(isRight);
      for (const one of inside.length ? inside : aroundTitle(el, ask.want)) selected.add(one);
    }
    const named = byWords(root, ask.want, ask.words, isRight);
    if (!named.length) return ask.words && ask.strict ? [] : [...selected];
    if (named.length === 1) return named;
    const both = named.filter((el) => selected.has(el));
    return both.length ? both : named;
  }

  function groupOf(radio) {
    const parts = [...labelsOf(radio.closest("[role=radiogroup]") ?? radio.closest("fieldset") ?? radio)];
    const legend = radio.closest("fieldset")?.querySelector("legend");
    if (legend) parts.push(label(ownText(legend)));
    return parts;
  }

  // Radios are named twice: by their group's words (`words`) and by their own (`option`).
  function findRadio(root, ask) {
    const isRight = rightFor("radio");
    const selected = bySelector(root, ask.into).flatMap((el) =>
      el.matches(CONTROLS.radio) ? [el] : [...every(el, CONTROLS.radio)]).filter(isRight);
    const wanted = label(ask.option);
    const says = (el) => labelsOf(el).includes(wanted) || label(attr(el, "value")) === wanted;
    const all = selected.length ? selected : [...every(root, CONTROLS.radio)].filter(isRight);
    const named = wanted ? all.filter(says) : selected;
    const inGroup = ask.words ? named.filter((el) => groupOf(el).includes(label(ask.words))) : [];
    return inGroup.length ? inGroup : named;
  }

  const look = (root, ask) => {
    if (ask.want === "radio") return findRadio(root, ask);
    if (ask.want === "any") return bySelector(root, ask.into).filter((el) => !ask.shown || isShown(el));
    return find(root, ask);
  };
  const decoded = (selector) => JSON.parse(decodeURIComponent(selector));
  return {
    query: (root, selector) => look(root, decoded(selector))[0] ?? null,
    queryAll: (root, selector) => look(root, decoded(selector)),
    // What read_form.js and save_form.js read a page with: whoever drafts a definition sees what a run sees.
    knows: { CONTROLS, every, attr, ancestors, plain, tidy, label, ownText, wordsOf, wordsOfButton, isShown,
      hasShownLabel, isTrap, isSiteSearch, isInSiteSearch, isNewsletter, isTypedInto, bySelector, look },
  };
})()
