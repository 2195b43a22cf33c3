// Where the steps of a definition lead on a page: which box or button of those that were read.
//
// The looking is elements.js's own, so that what is told here is what a run would find. Nothing is
// typed, chosen or pressed.
(knows, given) => {
  const { bySelector, look } = knows;
  const one = (into) => {
    const found = bySelector(document, into);
    return found.length === 1 ? found[0] : null;
  };
  const places = given.places.map((place) => ({ ...place, element: one(place.into) }))
    .filter((place) => place.element);

  // The thing itself; else the things around it or in it, as with lists that a page draws. The same
  // selector can fit in two frames: whoever asked knows which frame each place was read in.
  function placesOf(el) {
    const same = places.filter((place) => place.element === el);
    const near = same.length ? same
      : places.filter((place) => place.element.contains(el) || el.contains(place.element));
    return near.map((place) => place.at);
  }
  const hit = (ask) => {
    const found = look(document, ask);
    return { count: found.length, at: found.length === 1 ? placesOf(found[0]) : [] };
  };
  return given.asks.map((ask) => hit(ask));
}
