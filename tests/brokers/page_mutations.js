// Changes a page in one known way, as a company does when it builds its form anew, or touches it up.
//
// Runs in the page after its own scripts. `window.was` keeps the controls in their order before the
// change, so that a test can say which one a repaired step leads to; `window.told` is what was done.
(kind, seed, spot) => {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const isShown = (el) => el.getBoundingClientRect().width > 2 && el.checkVisibility({ visibilityProperty: true });
  const TYPED = "input:not([type=hidden], [type=submit], [type=button], [type=image], [type=checkbox], [type=radio]), textarea";
  const all = [...document.querySelectorAll("input, select, textarea, button, [role=combobox], [role=button], a[href], h4")];
  window.was = all;
  const boxes = all.filter((el) => el.matches(`${TYPED}, select, [role=combobox]`) && isShown(el) &&
    !el.matches("[role=search] *, [name=q]") && !/hpField|honey|website|captcha/i.test(`${el.id} ${el.name}`));
  const at = (list) => {
    const wanted = list.filter((el) => spot === null || all.indexOf(el) === spot);
    return wanted.length ? pick(wanted) : null;
  };

  // ---- words ----
  const labelOf = (el) => el.labels?.[0] ?? (el.id ? document.querySelector(`label[for="${CSS.escape(el.id)}"]`) : null) ??
    el.closest("label");
  const textNode = (el) => [...el.childNodes].find((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()) ?? null;
  function wordsOf(el) {
    if (el.getAttribute("aria-label")) return el.getAttribute("aria-label");
    const by = el.getAttribute("aria-labelledby");
    if (by) return document.getElementById(by)?.textContent.trim() ?? "";
    const label = labelOf(el);
    if (label && textNode(label)) return textNode(label).data.trim();
    return el.getAttribute("placeholder") ?? "";
  }
  function setWords(el, words) {
    if (el.getAttribute("aria-label")) { el.setAttribute("aria-label", words); return true; }
    const by = el.getAttribute("aria-labelledby");
    if (by && document.getElementById(by)) { document.getElementById(by).textContent = words; return true; }
    const label = labelOf(el);
    if (label && textNode(label)) { textNode(label).data = words; return true; }
    if (el.getAttribute("placeholder")) { el.setAttribute("placeholder", words); return true; }
    return false;
  }
  const SYNONYMS = [
    [/first.?name/i, ["Given name", "Legal first name", "Your first name", "First name (as on your ID)"]],
    [/middle/i, ["Middle name or initial", "Middle initial", "Your middle name"]],
    [/last.?name/i, ["Surname", "Family name", "Legal last name"]],
    [/full.?name|^name/i, ["Your name", "Full legal name", "Name (first and last)"]],
    [/confirm.*mail/i, ["Confirm your e-mail address", "Repeat email (confirm)"]],
    [/mail/i, ["E-mail address", "Your email", "Contact e-mail", "Email address where we can reach you"]],
    [/phone/i, ["Mobile number", "Daytime phone", "Telephone"]],
    [/zip|postal/i, ["Postal code", "ZIP code", "Zip / postal code"]],
    [/city/i, ["Town or city", "City / town", "City of residence"]],
    [/state/i, ["State or territory", "Your state", "State / province"]],
    [/^(?!.*(line 2|record)).*(street|address)/i, ["Home street address", "Street and house number", "Mailing street"]],
    [/birth|dob/i, ["Birth date", "Your date of birth", "DOB"]],
    [/country/i, ["Country of residence", "Your country"]],
  ];
  function otherWords(words) {
    const bare = words.replace(/[\s*:]+$/, "");
    for (const [pattern, others] of SYNONYMS) {
      const fits = others.filter((other) => other.toLowerCase() !== bare.toLowerCase());
      if (pattern.test(bare) && fits.length) return pick(fits);
    }
    return `${bare} ${pick(["(new)", "for this request", "please"])}`;
  }
  const named = boxes.filter((el) => wordsOf(el));

  // ---- names ----
  const hash = () => Math.floor(random() * 0xffffffff).toString(16).padStart(8, "a");
  function otherName(name) {
    return pick([`${name}_new`, `dsr-${name}`.replace(/\s/g, "-"), `input_${Math.floor(random() * 90) + 100}`,
      `field-${hash()}`, name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase() + "2"]);
  }
  function rename(el) {
    const to = otherName(el.id || el.name);
    const label = labelOf(el);
    for (const one of document.querySelectorAll(`[aria-controls~="${CSS.escape(el.id || "-")}"]`)) one.setAttribute("aria-controls", to);
    if (el.id) {
      if (label && label.htmlFor === el.id) label.htmlFor = to;
      el.id = to;
    }
    if (el.getAttribute("name")) el.setAttribute("name", to);
    return to;
  }

  // ---- new things ----
  const make = (html) => { const t = document.createElement("template"); t.innerHTML = html.trim(); return t.content.firstElementChild; };
  const after = (el) => {
    const label = el.closest("label, p, tr") ?? el;
    return label;
  };
  const sending = all.filter((el) => el.matches("button, input[type=submit], input[type=image], [role=button]") && isShown(el) &&
    !el.closest("[role=search], nav, header, footer") && !el.dataset.byHand &&
    !/cookie|accept|decline/i.test(el.textContent || el.value));
  const NEW = [["Maiden name", "maiden"], ["Mother's first pet", "pet1"], ["Account number", "accountNo"], ["Reason", "why_asked"]];
  const lists = boxes.filter((el) => el.matches("select") && el.options.length > 2 && el.options.length < 60);
  const options = (el) => [...el.options].filter((o) => o.text.trim() && o.value);

  const KINDS = {
    none: () => ({}),
    label: () => {
      const el = at(named);
      if (!el) return null;
      const old = wordsOf(el), words = otherWords(old);
      return setWords(el, words) ? { box: all.indexOf(el), old, words } : null;
    },
    name: () => {
      const el = at(boxes.filter((el) => el.id || el.name));
      return el && { box: all.indexOf(el), to: rename(el) };
    },
    "label-and-name": () => {
      const el = at(named.filter((el) => el.id || el.name));
      if (!el) return null;
      const old = wordsOf(el), words = otherWords(old);
      if (!setWords(el, words)) return null;
      return { box: all.indexOf(el), old, words, to: rename(el) };
    },
    "all-names": () => {
      const some = boxes.filter((el) => el.id || el.name);
      some.forEach(rename);
      return some.length ? { count: some.length } : null;
    },
    "option-gone": () => {
      const el = at(lists);
      if (!el) return null;
      const gone = pick(options(el));
      const words = gone.text;
      gone.remove();
      return { box: all.indexOf(el), words };
    },
    "option-renamed": () => {
      const el = at(lists);
      if (!el) return null;
      const one = pick(options(el)), old = one.text;
      one.value = one.getAttribute("value") ?? one.value;
      one.text = pick([`${old} (new)`, `${old}, please`, `Option: ${old}`]);
      return { box: all.indexOf(el), old, words: one.text };
    },
    "required-box": () => {
      const el = at(boxes);
      if (!el) return null;
      const [words, name] = pick(NEW);
      after(el).after(make(`<p><label for="${name}">${words} *</label> <input id="${name}" name="${name}" required></p>`));
      return { words };
    },
    "new-box": () => {
      const el = at(boxes);
      if (!el) return null;
      const [words, name] = pick(NEW);
      after(el).after(make(`<p><label for="${name}">${words}</label> <input id="${name}" name="${name}"></p>`));
      return { words };
    },
    "box-gone": () => {
      const el = at(boxes.filter((el) => !el.closest("td")));
      if (!el) return null;
      const label = labelOf(el), words = wordsOf(el);
      if (label) label.remove();
      el.remove();
      return { box: all.indexOf(el), words };
    },
    captcha: () => {
      if (document.querySelector("[name*=captcha i], [id*=captcha i], [name*=turnstile]")) return null;
      const place = sending.at(-1) ?? boxes.at(-1);
      if (!place) return null;
      const group = pick(["g-recaptcha", "cf-turnstile", "h-captcha"]);
      place.before(make(`<div class="${group}" style="width:300px;height:70px"><textarea id="${group}-response" name="${group}-response" style="display:none"></textarea></div>`));
      return { group };
    },
    button: () => {
      const el = at(sending.filter((el) => (el.textContent || el.value).trim().length > 1));
      if (!el) return null;
      const words = pick(["Send my request", "Submit form", "Send now", "Finish request"]);
      const old = (el.getAttribute("aria-label") || el.value || el.textContent).trim();
      if (old.toLowerCase() === words.toLowerCase()) return null;
      if (el.getAttribute("aria-label")) el.setAttribute("aria-label", words);
      if (el.matches("input")) el.value = words; else el.textContent = words;
      return { button: all.indexOf(el), old, words };
    },
    autocomplete: () => {
      const el = at(boxes.filter((el) => el.matches("input, select")));
      if (!el) return null;
      const to = el.autocomplete === "off" ? "on" : pick(["off", "nickname", "organization-title"]);
      el.setAttribute("autocomplete", to);
      return { box: all.indexOf(el), to };
    },
    required: () => {
      const el = at(boxes.filter((el) => !el.required && el.getAttribute("aria-required") !== "true" && !/\*/.test(labelOf(el)?.textContent ?? "")));
      if (!el) return null;
      el.required = true;
      return { box: all.indexOf(el) };
    },
    split: () => {
      const el = at(boxes.filter((el) => /full.?name|^(your )?name/i.test(wordsOf(el))));
      if (!el) return null;
      const label = labelOf(el);
      const first = make(`<p><label for="fn1">First name</label> <input id="fn1" name="fn1"></p>`);
      const last = make(`<p><label for="ln1">Last name</label> <input id="ln1" name="ln1"></p>`);
      after(el).after(first, last);
      label?.remove();
      el.remove();
      window.parts = [first.querySelector("input"), last.querySelector("input")];
      return { box: all.indexOf(el) };
    },
    steps: () => {
      if (boxes.length < 4) return null;
      boxes.slice(1).forEach((el) => { labelOf(el)?.remove(); el.remove(); });
      sending.forEach((el) => el.remove());
      (boxes[0].closest("form") ?? document.body).append(make(`<button type="button">Next step</button>`));
      return {};
    },
    frame: () => null,  // made by whoever serves the page
    "kind-of-box": () => {
      const el = at(boxes.filter((el) => el.matches("input") && !el.getAttribute("role") && (el.id || el.name)));
      if (!el) return null;
      const list = document.createElement("select");
      for (const name of ["id", "name", "aria-label"]) if (el.getAttribute(name)) list.setAttribute(name, el.getAttribute(name));
      for (const words of ["", "One", "Two", "Three"]) list.add(new Option(words, words));
      el.replaceWith(list);
      return { box: all.indexOf(el) };
    },
    gone: () => { document.body.innerHTML = "<h1>Page not found</h1><p>Sorry.</p>"; document.title = "404"; return {}; },
    login: () => {
      document.body.innerHTML = "<h1>Sign in</h1><form><label>User <input name=u></label><label>Password <input type=password></label><button>Sign in</button></form>";
      return {};
    },
    wall: () => { document.body.innerHTML = "<h1>Just a moment…</h1><p>Checking your browser.</p>"; document.title = "Just a moment..."; return {}; },
    parked: () => { document.body.innerHTML = "<h1>This domain is for sale</h1><form><input name=offer><button>Make an offer</button></form>"; return {}; },

    // ---- cosmetic: nothing of it changes what a person is asked ----
    "c-classes": () => {
      for (const el of document.querySelectorAll("form *, body > *")) if (!/captcha|g-form|enf|optout|opt-out|js-/i.test(el.className)) el.setAttribute("class", `css-${hash()} ${el.getAttribute("class") ?? ""}`);
      return {};
    },
    "c-style": () => {
      const style = document.createElement("style");
      style.textContent = `body { font: ${14 + Math.floor(random() * 6)}px/1.7 serif; margin: ${Math.floor(random() * 60)}px; background: #eef; color: #223 }
        input, select, textarea { padding: ${2 + Math.floor(random() * 8)}px; border: 1px solid #00f; margin: 3px 0 } label { color: #555; letter-spacing: .02em }`;
      document.head.append(style);
      return {};
    },
    "c-text": () => {
      for (const el of document.querySelectorAll("h1, h2, p")) {
        if (el.querySelector("input, select, textarea, button, label") || el.closest("label, fieldset, [data-by-hand]")) continue;
        if (el.parentElement?.querySelector(":scope > input, :scope > select, :scope > textarea") && el.localName === "p") continue;
        el.textContent = `${el.textContent} ${pick(["Updated in May.", "Read our notice.", "We value your privacy."])}`;
      }
      document.title = `${document.title} | New look`;
      return {};
    },
    "c-space": () => {
      for (const label of document.querySelectorAll("label, legend, option, button")) {
        const node = textNode(label);
        if (node) node.data = `\n   ${node.data.trim().replace(/ /g, "  \n ")}  `;
      }
      return {};
    },
    "c-case": () => {
      for (const label of document.querySelectorAll("label, legend")) {
        const node = textNode(label);
        if (node) node.data = random() < 0.5 ? node.data.toUpperCase() : `${node.data.trimEnd()}:`;
      }
      return {};
    },
    "c-attributes": () => {
      for (const el of boxes) {
        const kept = [...el.attributes].reverse().map((a) => [a.name, a.value]);
        for (const [name] of kept) if (!["type", "value", "id"].includes(name)) el.removeAttribute(name);
        for (const [name, value] of kept) el.setAttribute(name, value);
        el.setAttribute("data-v", hash());
        el.setAttribute("spellcheck", "false");
      }
      return {};
    },
    "c-wrappers": () => {
      for (const form of document.querySelectorAll("form")) {
        const around = document.createElement("div");
        form.replaceWith(around);
        const inner = document.createElement("section");
        inner.append(form);
        around.append(inner);
      }
      for (const el of boxes) {
        if (el.parentElement.matches("label, form, fieldset") && el.matches("input, select, textarea")) {
          const div = document.createElement("div");
          el.replaceWith(div);
          div.append(el);
        }
      }
      return {};
    },
    "c-hidden": () => {
      const form = document.querySelector("form") ?? document.body;
      for (const name of ["csrf", "utm", "session"]) form.prepend(make(`<input type="hidden" name="${name}" value="${hash()}">`));
      form.append(make(`<div style="position:absolute;left:-9999px"><label>Leave blank <input name="hp_extra" tabindex="-1"></label></div>`));
      return {};
    },
    "c-newsletter": () => {
      document.body.append(make(`<footer><form id="newsletter-signup" action="/subscribe"><label>Newsletter <input type="email" name="newsletter_email"></label><button>Subscribe</button></form></footer>`));
      return {};
    },
    "c-search": () => {
      document.body.prepend(make(`<header><nav><a href="/">Home</a> <a href="/about">About us</a></nav><form role="search"><input type="search" name="q" placeholder="Search"><button>Search</button></form></header>`));
      return {};
    },
    "c-banner": () => {
      document.body.append(make(`<div id="cookie-banner" role="dialog" aria-label="Cookies" style="border:1px solid">We use cookies. <button type="button">Accept all</button> <button type="button">Reject all</button></div>`));
      return {};
    },
    "c-order": () => {
      const parts = [...document.body.children].filter((el) => !el.querySelector("input, select, textarea, button") && !el.matches("form, script, style, input, select, button, label"));
      for (const el of parts) document.body.append(el);
      return {};
    },
    "c-icons": () => {
      for (const label of document.querySelectorAll("label")) label.append(make(`<svg aria-hidden="true" width="8" height="8"><circle r="4"></circle></svg>`));
      for (const el of boxes.filter((el) => el.matches("input") && (labelOf(el) || el.getAttribute("aria-label")))) el.setAttribute("placeholder", pick(["e.g. 123", "Type here", "…"]));
      return {};
    },
  };
  window.told = KINDS[kind]?.() ?? null;
}
