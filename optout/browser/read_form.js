// A page's form as a person sees it: every box with its words, its name and a way to find it again.
//
// Nothing is typed, chosen or pressed. What a label is, what is hidden, and which boxes are traps,
// site search or newsletters is decided by elements.js, so that whoever drafts a definition sees
// what a run will see.
(knows) => {
  const { CONTROLS, every, attr, ancestors, plain, tidy, label, ownText, wordsOf, wordsOfButton, isShown,
    hasShownLabel, isTrap, isSiteSearch, isInSiteSearch, isNewsletter, isTypedInto, bySelector, look } = knows;
  const MOST_BOXES = 300, MOST_CHOICES = 400, LONGEST = 400;
  const BOXES = [CONTROLS.fill, CONTROLS.select, CONTROLS.check, CONTROLS.radio, CONTROLS.list].join(", ");
  const NO_BOXES = new Set(["hidden", "submit", "button", "image", "reset", "color", "range"]);
  // How the answer fields and widgets of robot checks are called in a page.
  const CAPTCHAS = {
    "google-recaptcha": ".g-recaptcha, [name=g-recaptcha-response], #g-recaptcha-response, " +
      "iframe[src*='/recaptcha/'], script[src*='/recaptcha/']",
    hcaptcha: ".h-captcha, [name=h-captcha-response], iframe[src*='hcaptcha.com'], script[src*='hcaptcha.com']",
    "cloudflare-turnstile": ".cf-turnstile, [name=cf-turnstile-response], " +
      "iframe[src*='challenges.cloudflare.com'], script[src*='challenges.cloudflare.com']",
    "onetrust-captcha": "[src*='captcha.onetrust.com']",
  };
  const CAPTCHA_ANSWER = /^(g-recaptcha|h-captcha|cf-turnstile)-response/;
  const SOME_CAPTCHA = "[id*=captcha i], [class*=captcha i], [name*=captcha i], img[src*=captcha i]";

  const cut = (text) => tidy(text).slice(0, LONGEST);
  const unique = (texts) => [...new Set(texts.map(cut).filter(Boolean))];
  const isNatively = (el, type) => el.matches("input") && el.type === type;
  const says = (text) => /[\p{L}\p{N}]/u.test(text);

  // ---- which boxes there are ----

  function kindOf(el) {
    if (el.matches("input") && NO_BOXES.has(el.type)) return "";
    if (CAPTCHA_ANSWER.test(attr(el, "name")) || CAPTCHA_ANSWER.test(el.id)) return "";
    if (el.matches(CONTROLS.radio)) return "radio";
    if (el.matches(CONTROLS.check)) return "checkbox";
    if (isNatively(el, "file")) return "file";
    if (isNatively(el, "password")) return "password";
    if (isNatively(el, "date")) return "date";
    if (el.matches("select")) return "select";
    return el.matches(CONTROLS.list) ? "listbox" : "text";
  }

  // A drawn list is one box, whatever parts it is made of: the one typed into, else the outermost.
  function isPartOfList(el, all) {
    const isTyped = el.matches("input, textarea");
    const inner = all.some((one) => one !== el && el.contains(one) && one.matches("input, textarea") &&
      isTypedInto(one) && isShown(one));
    if (inner && !el.matches("input, textarea")) return true;
    if (all.some((one) => one !== el && one.contains(el) && !isTyped)) return true;
    if (isTyped && !isShown(el) && all.some((one) => one !== el && one.contains(el))) return true;
    return Boolean(el.id) && all.some((one) => one !== el && ["aria-controls", "aria-owns"]
      .some((name) => attr(one, name).split(/\s+/).includes(el.id)));
  }

  function isSeen(el, kind) {
    if (el.disabled || el.matches(":disabled") || attr(el, "aria-disabled") === "true") return false;
    const painted = kind === "radio" || kind === "checkbox" || kind === "file";
    if (!isShown(el) && !(painted && hasShownLabel(el))) return false;
    if (isTrap(el) || isNewsletter(el)) return false;
    return !(kind === "text" ? isSiteSearch(el) : isInSiteSearch(el));
  }

  const native = [...every(document, BOXES)].filter(kindOf);
  const lists = native.filter((el) => kindOf(el) === "listbox");
  const whole = native.filter((el) => kindOf(el) !== "listbox" || !isPartOfList(el, lists));
  const candidates = whole.filter((el) => kindOf(el) === "listbox" || !lists.some((one) => one !== el &&
    whole.includes(one) && one.contains(el)));
  const seen = candidates.filter((el) => isSeen(el, kindOf(el))).slice(0, MOST_BOXES);
  const leftAlone = candidates.length - seen.length;

  // ---- how each is found again ----

  const GENERATED = /^:|[:.]|^(ember|mat-input|react-select|ext-gen|yui|downshift|headlessui|radix|cdk|mui|rc_)[-_:]?|[0-9a-f]{8,}|\d{5,}/i;
  const quoted = (text) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
  const isPlain = (text) => /^[\x21-\x7e]+$/.test(text);

  function* selectorsOf(el) {
    const tag = el.localName;
    const name = attr(el, "name");
    if (name && isPlain(name)) {
      yield `${tag}[name=${quoted(name)}]`;
      if (el.matches("[type=radio], [type=checkbox]")) {
        yield `${tag}[name=${quoted(name)}][value=${quoted(attr(el, "value"))}]`;
      }
    }
    if (el.id && isPlain(el.id) && !GENERATED.test(el.id)) yield `#${CSS.escape(el.id)}`;
    for (const by of ["autocomplete", "aria-label", "placeholder", "data-testid", "aria-labelledby", "type"]) {
      const value = attr(el, by);
      if (value && /^[\x20-\x7e]+$/.test(value) && value.length < 80) yield `${tag}[${by}=${quoted(value)}]`;
    }
    if (el.id && isPlain(el.id)) yield `#${CSS.escape(el.id)}`;
    yield pathOf(el);
  }
  // Where nothing names it, its place below the nearest thing that has a name.
  function pathOf(el) {
    const parts = [];
    for (let at = el; at && parts.length < 12; at = at.parentElement) {
      if (at !== el && at.id && isPlain(at.id) && !GENERATED.test(at.id)) {
        parts.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      if (at.matches("body, form") && every(document, at.localName).next().value === at) {
        parts.unshift(at.localName);
        break;
      }
      const same = [...(at.parentElement?.children ?? [])].filter((one) => one.localName === at.localName);
      parts.unshift(same.length > 1 ? `${at.localName}:nth-of-type(${same.indexOf(at) + 1})` : at.localName);
    }
    return parts.join(" > ");
  }
  function intoOf(el) {
    for (const selector of selectorsOf(el)) {
      const found = bySelector(document, selector);
      if (found.length === 1 && found[0] === el) return selector;
    }
    return "";
  }

  // ---- its words ----

  const GROUPS = "fieldset, [role=radiogroup], [role=group]";
  function groupWords(el) {
    const words = [];
    for (const at of ancestors(el)) {
      if (at.matches("form, body, html")) break;
      if (!at.matches(GROUPS)) continue;
      words.push(...wordsOf(at));
      const legend = [...at.children].find((one) => one.localName === "legend");
      if (legend) words.push(ownText(legend));
    }
    return words;
  }
  const textOfIds = (el, name) => attr(el, name).split(/\s+/).filter(Boolean)
    .map((id) => el.getRootNode().getElementById?.(id)?.textContent ?? "").join(" ");

  // Words that stand about and belong to nothing yet, each with its place on the page.
  function looseWords() {
    const found = [];
    for (const el of every(document, "*")) {
      if (el.matches("script, style, noscript, template, option, select, textarea, title, legend, h1")) continue;
      if (el.closest(`select, [role=listbox], ${CONTROLS.press}`)) continue;
      const tied = el.closest("label");
      if (tied && (tied.control || attr(tied, "for"))) continue;
      if (el.id && document.querySelector(`[aria-labelledby~="${CSS.escape(el.id)}"]`)) continue;
      const nodes = [...el.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && says(node.data));
      if (!nodes.length || !isShown(el)) continue;
      const range = document.createRange();
      range.setStartBefore(nodes[0]);
      range.setEndAfter(nodes.at(-1));
      const text = el.childElementCount > 3 ? nodes.map((node) => node.data).join(" ") : ownText(el);
      // Words with boxes between them are several: each piece stands for itself.
      const pieces = el.querySelector(BOXES) ? nodes.map((node) => [node.data, rectOf(node)])
        : [[text, range.getBoundingClientRect()]];
      for (const [words, rect] of pieces) if (says(words)) found.push({ words, rect, el });
    }
    return found;
  }
  function rectOf(node) {
    const range = document.createRange();
    range.selectNode(node);
    return range.getBoundingClientRect();
  }

  const overlap = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  const isOnLine = (a, b) => overlap(a, b, "top", "bottom") >= Math.min(a.height, b.height) / 2;
  // How far words stand from a box, in the ways that people read: left of it, above it, below it;
  // a tick or a dot has its words at its right.
  function distance(words, box, isTick) {
    const left = box.left - words.right, right = words.left - box.right;
    const above = box.top - words.bottom, below = words.top - box.bottom;
    if (isOnLine(words, box)) {
      if (isTick && right >= -4) return right < 60 ? right : null;
      if (left >= -4) return left < 350 ? left + (isTick ? 40 : 0) : null;
      return null;
    }
    if (isTick || overlap(words, box, "left", "right") <= 0 || words.left < box.left - 40) return null;
    if (above >= -4) return above < 40 ? above + 4 : null;
    return below >= -4 && below < 24 ? below + 8 : null;
  }
  function isBetween(words, box, other) {
    if (other === box) return false;
    const left = Math.min(words.left, box.left), right = Math.max(words.right, box.right);
    if (isOnLine(words, box)) {
      return isOnLine(other, box) && other.left >= words.right - 4 && other.right <= box.left + 4 ||
        isOnLine(other, box) && other.left >= box.right - 4 && other.right <= words.left + 4;
    }
    const top = Math.min(words.bottom, box.bottom), bottom = Math.max(words.top, box.top);
    return other.left < right && other.right > left && other.top >= top - 4 && other.bottom <= bottom + 4;
  }

  // What stands between the box before and this one, and the heading of its part of the page.
  function leadingTo(el, loose) {
    const before = (one) => one.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
    const last = seen[seen.indexOf(el) - 1];
    const words = loose.filter((one) => before(one.el) && !one.el.contains(el) &&
      (!last || last.compareDocumentPosition(one.el) & Node.DOCUMENT_POSITION_FOLLOWING));
    return words.at(-1)?.words ?? "";
  }
  const titles = [...every(document, "h2, h3, h4, h5, [role=heading]")].filter((el) => isShown(el) && says(ownText(el)));
  const sectionOf = (el) => {
    const above = titles.filter((one) => one.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
    return above ? cut(ownText(above)) : "";
  };

  // The words that stand nearest to each box, each given once; where two fit alike, to none.
  const ALIKE = 3;
  function besideAll(boxes, loose) {
    const places = boxes.map((el) => el.getBoundingClientRect());
    const pairs = [];
    for (const [at, el] of boxes.entries()) {
      const isTick = ["radio", "checkbox"].includes(kindOf(el));
      for (const words of loose) {
        if (el.contains(words.el)) continue;
        const far = distance(words.rect, places[at], isTick);
        if (far === null || places.some((other) => isBetween(words.rect, places[at], other))) continue;
        pairs.push({ el, words, far });
      }
    }
    pairs.sort((a, b) => a.far - b.far);
    const given = new Map(), used = new Set();
    for (const pair of pairs) {
      if (given.has(pair.el) || used.has(pair.words)) continue;
      const rival = pairs.find((one) => one.words === pair.words && one.el !== pair.el && !given.has(one.el) &&
        Math.abs(one.far - pair.far) < ALIKE);
      used.add(pair.words);
      // A box with a label of its own needs no more words, and keeps its neighbours from taking them.
      if (!rival && unnamed.includes(pair.el)) given.set(pair.el, pair.words.words);
    }
    return given;
  }

  // Words by which a run finds exactly this box, and no other.
  const WANTED = { text: "fill", date: "fill", password: "fill", select: "select", checkbox: "check" };
  function calledBy(el, kind, texts) {
    const want = kind === "listbox" ? (el.matches("input, textarea") ? "fill" : "list") : WANTED[kind];
    if (!want) return "";
    return texts.find((words) => {
      const found = look(document, { want, words, into: "", option: "", shown: true, strict: true });
      return found.length === 1 && found[0] === el;
    }) ?? "";
  }

  const MARKED = /[*✱]|\((required)\)|\brequired\s*$/i;
  function isRequired(el, texts) {
    if (el.required || attr(el, "aria-required") === "true") return true;
    const painted = [...(el.labels ?? [])].flatMap((one) => [one, ...one.querySelectorAll("*")])
      .some((one) => ["::before", "::after"].some((part) => getComputedStyle(one, part).content.includes("*")));
    return painted || texts.some((text) => MARKED.test(plain(text)));
  }

  // ---- one box ----

  function choicesOf(el, kind) {
    if (kind === "select") {
      return [...el.options].slice(0, MOST_CHOICES)
        .map((one) => ({ words: plain(one.label || one.text).slice(0, LONGEST), value: one.value }));
    }
    if (el.matches("input[list]")) {
      return [...(el.list?.options ?? [])].slice(0, MOST_CHOICES)
        .map((one) => ({ words: plain(one.label || one.value), value: one.value }));
    }
    if (kind !== "listbox") return [];
    const ids = [attr(el, "aria-controls"), attr(el, "aria-owns")].join(" ").split(/\s+/).filter(Boolean);
    const near = el.closest("[role=combobox]") ?? el;
    const owned = ids.map((id) => el.getRootNode().getElementById?.(id)).filter(Boolean);
    const options = [near, ...owned].flatMap((one) => [...every(one, CONTROLS.option)]);
    return [...new Set(options)].slice(0, MOST_CHOICES)
      .map((one) => ({ words: plain(one.textContent).slice(0, LONGEST), value: attr(one, "data-value") }));
  }

  const typeOf = (el, kind) => {
    if (kind === "listbox") return el.matches("input, textarea") ? "autocomplete" : "";
    if (el.matches("textarea, [contenteditable=true]")) return "textarea";
    return el.matches("input, select") ? el.type : attr(el, "role");
  };

  function boxOf(el, beside) {
    const kind = kindOf(el);
    const raw = wordsOf(el);
    const hint = attr(el, "placeholder");
    const group = unique(groupWords(el));
    const spoken = unique([...raw, hint, beside, attr(el, "title")]);
    return {
      kind, labels: unique([...raw, ...group]), group, section: sectionOf(el), before: cut(leadingTo(el, loose)),
      beside: cut(beside), hint: plain(hint).slice(0, LONGEST), name: attr(el, "name"), id: el.id,
      help: plain(`${attr(el, "title")} ${textOfIds(el, "aria-describedby")}`).slice(0, LONGEST),
      autocomplete: attr(el, "autocomplete"), type: typeOf(el, kind), into: intoOf(el),
      called: calledBy(el, kind, spoken), is_required: isRequired(el, [...raw, hint, beside]),
      choices: choicesOf(el, kind), longest: el.maxLength > 0 && el.maxLength < 10_000 ? el.maxLength : 0,
    };
  }

  // ---- radio buttons: one group is one box ----

  function groupKey(dot) {
    const around = dot.closest("[role=radiogroup]");
    const name = attr(dot, "name");
    if (name) return `${name} of ${seen.findIndex((one) => one.form === dot.form)}`;
    return around ?? dot.closest("fieldset") ?? dot.parentElement;
  }
  function grouped(dots) {
    const groups = new Map();
    for (const dot of dots) groups.set(groupKey(dot), [...(groups.get(groupKey(dot)) ?? []), dot]);
    return [...groups.values()];
  }
  function intoOfGroup(dots) {
    const name = attr(dots[0], "name");
    const selector = `input[name=${quoted(name)}]`;
    const same = name && isPlain(name) ? bySelector(document, selector) : [];
    return same.length === dots.length && same.every((one) => dots.includes(one)) ? selector : "";
  }
  function radioBox(dots, beside) {
    const raw = groupWords(dots[0]);
    // The words before the first dot name the question, where nothing else does.
    const asked = raw.length ? "" : questionOf(dots);
    return {
      kind: "radio", labels: unique(raw), group: [], section: sectionOf(dots[0]), before: cut(leadingTo(dots[0], loose)),
      beside: cut(asked), hint: "", help: "", name: attr(dots[0], "name"),
      id: "", autocomplete: "", type: "radio", into: intoOfGroup(dots), called: "", longest: 0,
      is_required: dots.some((dot) => isRequired(dot, [])) || [...raw, asked].some((text) => MARKED.test(plain(text))),
      choices: dots.map((dot) => ({
        words: unique([...wordsOf(dot), beside.get(dot) ?? ""])[0] ?? "", value: attr(dot, "value"), into: intoOf(dot),
      })),
    };
  }
  // The nearest words before a group, in the smallest part of the page that holds all of it.
  function questionOf(dots) {
    for (const around of ancestors(dots[0])) {
      if (around.matches("form, body, html")) return "";
      if (!dots.every((dot) => around.contains(dot))) continue;
      if (seen.some((el) => around.contains(el) && !dots.includes(el))) return "";
      const before = [...every(around, "*")].filter((el) => !el.contains(dots[0]) && !el.closest("label")?.control &&
        el.compareDocumentPosition(dots[0]) & Node.DOCUMENT_POSITION_FOLLOWING && says(ownText(el)) && isShown(el));
      if (before.length) return ownText(before.at(-1));
    }
    return "";
  }

  // ---- buttons, captchas, where it goes ----

  const forms = new Set(seen.map((el) => el.form ?? el.closest("form")));
  function isOfForm(el) {
    const form = el.form ?? el.closest("form");
    if (form) return forms.has(form);
    if (el.matches("a[href]") && !el.matches("[role=button]")) return false;
    // Without a form around them: whatever stands after the first box, and in no other part.
    return forms.has(null) && !el.closest("header, nav, footer, [role=dialog], [aria-modal=true]") &&
      Boolean(seen[0]?.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
  }
  const isSending = (el) => el.matches("button, input") && ["submit", "image"].includes(el.type) && Boolean(el.form);
  const buttons = [...every(document, CONTROLS.press)].filter((el) => isShown(el) && isOfForm(el) &&
    !el.matches("summary, [type=reset], [aria-haspopup]") && !seen.includes(el) && says(wordsOfButton(el)))
    .map((el) => ({ words: plain(wordsOfButton(el)).slice(0, LONGEST), into: intoOf(el), sends: isSending(el) }));

  const captchas = Object.entries(CAPTCHAS).filter(([, marks]) => !every(document, marks).next().done)
    .map(([name]) => name);
  const someCaptcha = [...every(document, SOME_CAPTCHA)].some((el) => isShown(el));
  if (!captchas.length && someCaptcha) captchas.push("unknown");

  const sendsTo = [...forms].filter(Boolean).flatMap((form) => [attr(form, "action"),
    ...[...every(form, "[formaction]")].map((el) => attr(el, "formaction"))])
    .map((to) => { try { return new URL(to || document.URL, document.baseURI).hostname; } catch { return ""; } });

  // ---- the page ----

  const asBoxes = seen.filter((el) => kindOf(el) !== "radio");
  const groups = grouped(seen.filter((el) => kindOf(el) === "radio"));
  const unnamed = seen.filter((el) => !wordsOf(el).some((text) => says(text)));
  const loose = looseWords();
  const beside = besideAll(unnamed.length ? seen : [], loose);
  const besideOf = (el) => unnamed.includes(el) ? beside.get(el) ?? "" : "";
  const boxes = [
    ...asBoxes.map((el) => [el, boxOf(el, besideOf(el))]),
    ...groups.map((dots) => [dots[0], radioBox(dots, beside)]),
  ].sort(([a], [b]) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  return {
    title: plain(document.title).slice(0, LONGEST),
    headings: [...every(document, "h1, h2, h3, [role=heading]")].filter(isShown)
      .map((el) => plain(el.innerText ?? "").slice(0, LONGEST)).filter(Boolean).slice(0, 20),
    boxes: boxes.map(([, box]) => box), buttons, captchas, sends_to: [...new Set(sendsTo.filter(Boolean))],
    left_alone: leftAlone,
  };
}
