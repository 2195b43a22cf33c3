// The part of a page that holds its form, as plain markup of ours: no script, no style, nothing that
// is loaded from elsewhere, nothing typed. What a person does not see stays unseen (`hidden`), and
// web components are laid flat.
(knows, given) => {
  const { CONTROLS, attr, ancestors, bySelector, isShown, hasShownLabel, plain } = knows;
  const DROPPED = "script, style, link, meta, noscript, template, img, picture, svg, video, audio, iframe, object, " +
    "plaintext, xmp, listing, noframes, noembed, frameset, math, embed, canvas, base, input[type=hidden], .g-recaptcha, .h-captcha, .cf-turnstile, [name*=captcha-response], " +
    "[id*=captcha-response], [name=cf-turnstile-response]";
  const KEPT = ["id", "class", "name", "type", "for", "role", "placeholder", "autocomplete", "required", "multiple",
    "maxlength", "title", "tabindex", "lang", "inputmode", "data-testid", "colspan"];
  const PASSIVE = "label, legend, h1, h2, h3, h4, h5, h6, th, caption, button, option";
  const VOID = new Set(["input", "br", "hr", "wbr"]);
  const LONGEST_TEXT = 200, LONGEST_LABEL = 600;
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const one = (selector) => selector ? bySelector(document, selector)[0] ?? null : null;

  const boxes = new Map(given.boxes.map((box) => [one(box.into), box]).filter(([el]) => el));
  const dots = given.dots.map((dot) => [one(dot.into), dot]).filter(([el]) => el);
  const said = new Map(dots);
  const sends = one(given.sends), next = one(given.next);
  const needed = [...boxes.keys(), ...said.keys(), sends, next].filter(Boolean);
  if (!needed.length) return "";

  // The smallest part of the page that holds all of it.
  const chain = [needed[0], ...ancestors(needed[0])];
  const holds = (around, el) => around === el || [...ancestors(el)].includes(around);
  const region = chain.find((around) => needed.every((el) => holds(around, el))) ?? document.body;
  const part = needed.length === 1 ? region.parentElement ?? region : region;

  function attributes(el) {
    const out = [];
    for (const { name, value } of el.attributes) {
      if (!KEPT.includes(name) && !name.startsWith("aria-")) continue;
      if (name === "type" && el.matches("button")) continue;
      out.push([name, value]);
    }
    if (el.matches("[type=radio], [type=checkbox], [type=submit], [type=button], option")) {
      if (el.matches("[value]")) out.push(["value", attr(el, "value")]);
    }
    const box = boxes.get(el) ?? said.get(el);
    if (box && !attr(el, "name") && el.matches("input, select, textarea")) out.push(["name", box.posted]);
    if (box?.by_hand) out.push(["data-by-hand", box.by_hand]);
    if (box?.is_left && el.matches("select, [type=radio], [type=checkbox]")) out.push(["form", "left-alone"]);
    if (box?.words) out.push(["data-option", box.words]);
    if (el.matches("button")) out.push(["type", el === sends ? "submit" : "button"]);
    if (el === sends && !el.matches("button, [type=submit]")) out.push(["data-sends", ""]);
    if (el === next) out.push(["data-next", ""]);
    if (!isShown(el) && !isOnlyPainted(el) && el.matches(`${CONTROLS.fill}, ${CONTROLS.select}, ${CONTROLS.check}, ` +
      `${CONTROLS.radio}, ${CONTROLS.list}, [role=listbox], input, label`)) out.push(["hidden", ""]);
    return out.map(([name, value]) => value === "" && name !== "value" ? ` ${name}` : ` ${name}="${escaped(plain(value))}"`).join("");
  }
  const isOnlyPainted = (el) => el.matches("label") && !el.control || boxes.has(el) || said.has(el) ||
    (el.matches("[type=radio], [type=checkbox], [type=file]") && hasShownLabel(el));

  const isGone = (el) => getComputedStyle(el).display === "none" && !el.querySelector("*") && !el.matches("option, [role=option]");
  function markup(node, label) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.replace(/\s+/g, " ");
      return escaped(text.trim() ? text.slice(0, label ? LONGEST_LABEL : LONGEST_TEXT) : text && " ");
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(DROPPED) || isGone(node)) return "";
    const tag = node.matches("form") ? "div" : node.matches("slot") ? "span" : node.localName;
    const children = node.matches("slot") ? node.assignedNodes({ flatten: true }) : (node.shadowRoot ?? node).childNodes;
    const inLabel = label || node.matches(PASSIVE);
    if (VOID.has(tag)) return `<${tag}${attributes(node)}>`;
    const inside = node.matches("textarea, [contenteditable]:not([contenteditable=false])") ? "" : [...children].map((child) => markup(child, inLabel)).join("");
    const options = (boxes.get(node)?.offered ?? []).map((words) => `<li role="option">${escaped(words)}</li>`).join("");
    const list = options ? `\n<ul role="listbox" data-of="${escaped(boxes.get(node).posted)}" hidden>${options}</ul>` : "";
    const plainTag = /^[a-z][a-z0-9]*$/.test(tag) ? tag : "div";
    const block = /^(div|p|fieldset|label|table|tr|section|ul|ol|li|legend|select|h[1-6])$/.test(plainTag) ? "\n" : "";
    return `${block}<${plainTag}${attributes(node)}>${inside}</${plainTag}>${list}`;
  }
  // An <input> cannot hold its list: it stands behind it.
  const listsOf = [...boxes].filter(([el, box]) => box.offered?.length && VOID.has(el.localName))
    .map(([, box]) => `<ul role="listbox" data-of="${escaped(box.posted)}" hidden>` +
      box.offered.map((words) => `<li role="option">${escaped(words)}</li>`).join("") + "</ul>").join("\n");
  return (markup(part, false) + (listsOf ? `\n${listsOf}` : "")).replace(/\n\s*\n+/g, "\n").trim();
}
