// Finds the rows of a page of results and the texts in them, as a definition asks.
// It only looks. Selectors are the browser's own business: XPath may end in text, not elements.
(knows, given) => {
  const LONGEST = 20000;
  const MOST = 300;

  const isPath = (selector) => selector === "." || /^(\/|\.\/|\()/.test(selector);

  const all = (root, selector, most) => {
    if (!selector) {
      return [];
    }
    const found = [];
    try {
      if (isPath(selector)) {
        const read = document.evaluate(
          selector, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
        for (let at = 0; at < read.snapshotLength && found.length < most; at += 1) {
          found.push(read.snapshotItem(at));
        }
      } else if (root.querySelectorAll) {
        for (const element of root.querySelectorAll(selector)) {
          if (found.length >= most) {
            break;
          }
          found.push(element);
        }
      }
    } catch {
      return []; // a selector that cannot be read finds nothing
    }
    return found;
  };

  const isItself = (row, selector) => {
    try {
      return isPath(selector) ? all(document, selector, MOST).includes(row) : row.matches(selector);
    } catch {
      return false;
    }
  };

  const nodes = (row, how) => {
    const found = all(row, how.selector, how.find_elements ? MOST : 1);
    return found.length === 0 && how.selector && isItself(row, how.selector) ? [row] : found;
  };

  const shown = (node) =>
    ("innerText" in node ? node.innerText : node.textContent) || "";

  const words = (node, how) => {
    const text = how.attribute ? node.getAttribute && node.getAttribute(how.attribute) : shown(node);
    return (text || "").slice(0, LONGEST);
  };

  const address = (node, how) => {
    const text = shown(node).trim();
    const told = "href" in node ? node.href : /^(https?:\/)?\//.test(text) && text;
    const written = how.attribute
      ? node.getAttribute && node.getAttribute(how.attribute)
      : told;
    try {
      const url = new URL(String(written || ""), document.baseURI);
      return written && /^https?:$/.test(url.protocol) ? url.href.slice(0, 2000) : "";
    } catch {
      return "";
    }
  };

  const texts = (row, how) => nodes(row, how).map((node) => words(node, how)).filter(Boolean);

  const part = (place, how) => (how.selector ? texts(place, how) : [words(place, how)]);

  const readRow = (row) => {
    const read = { texts: {}, parts: {} };
    for (const [key, how] of Object.entries(given.profile)) {
      if (key === "profileUrl") {
        read.texts[key] = how.source
          ? [document.URL]
          : nodes(row, how).map((node) => address(node, how)).filter(Boolean);
      } else if (how.city) {
        read.parts[key] = all(row, how.selector, how.find_elements ? MOST : 1).map((place) => ({
          city: part(place, how.city),
          state: how.state ? part(place, how.state) : [],
        }));
      } else {
        read.texts[key] = texts(row, how);
      }
    }
    return read;
  };

  const isSeen = (node) => {
    const element = node.parentElement && !node.checkVisibility ? node.parentElement : node;
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };

  const saysNone = () => {
    const plain = (text) => text.normalize("NFKC").replace(/[\p{Cf}\p{Cc}\s]+/gu, " ")
      .replace(/[‘’]/g, "'").replace(/[“”]/g, '"').trim().toLowerCase();
    const said = plain(given.none_text);
    return (said !== "" && document.body !== null && plain(document.body.innerText).includes(said))
      || all(document, given.none, MOST).some((node) => !given.none_is_seen || isSeen(node));
  };

  const look = () => {
    const found = all(document, given.rows, given.most + 1);
    const tooMany = found.length > given.most;
    return {
      rows: tooMany ? [] : found.map(readRow),
      too_many: tooMany,
      said_none: saysNone(),
    };
  };

  if (given.now) { // with the rows themselves, for whoever presses inside one of them
    return { told: JSON.stringify(look()), rows: all(document, given.rows, given.most) };
  }
  if (window.top !== window) {
    return null;
  }
  return new Promise((resolve) => {
    const until = performance.now() + given.seconds * 1000;
    const ask = () => {
      const seen = look();
      if (seen.rows.length > 0 || seen.too_many || seen.said_none || performance.now() >= until) {
        resolve(JSON.stringify(seen)); // far quicker than as an object of thousands
      } else {
        setTimeout(ask, 200);
      }
    };
    ask();
  });
}
