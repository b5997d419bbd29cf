// The learner's side of a class: join a room, leave it, raise a hand.

function render({ model, el }) {
  const context = lab({ model, el }, "classroom", "Your class");
  const { act } = context;
  const field = (words, options = {}) => {
    const input = h("input", { type: "text", class: "sls-send-text", autocomplete: "off", spellcheck: "false", ...options });
    return { input, element: h("label", { class: "sls-field" }, words, input) };
  };
  const nickname = field("Nickname");
  const place = field("Room: an address or a folder");
  const word = field("Class word", { type: "password" });
  const join = () => act("join", { place: place.input.value, word: word.input.value, nickname: nickname.input.value });
  const form = tools("Join", nickname.element, place.element, word.element, button("Join", join, { symbol: "→" }));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) join();
  });
  const hand = button("Hand up", () => act("hand", { up: hand.getAttribute("aria-pressed") !== "true" }), { "aria-pressed": "false" });
  const inside = tools("Room", hand, button("Leave the room", () => act("leave")));
  const told = h("p", {});
  const sent = h("p", {});
  // Whoever learns alone sees one line.
  const fold = h("details", { class: "sls-join" }, h("summary", {}, "In a class? Join its room"), form, sent);
  context.body.append(told, inside, fold);
  context.on("view", (view) => {
    place.element.hidden = Boolean(view.place);
    word.element.hidden = view.has_word;
    sent.textContent = view.sent;
  });
  context.on("state", (state) => {
    form.hidden = state.on;
    inside.hidden = !state.on;
    fold.firstChild.textContent = state.on ? "What is sent" : "In a class? Join its room";
    told.textContent = state.on ? `Your instructor sees how far ${state.nickname} is.` : "Nobody sees how far you are.";
    hand.setAttribute("aria-pressed", String(state.hand));
    hand.textContent = state.hand ? "Take the hand down" : "Hand up";
    if (state.on) word.input.value = "";
  });
  return context.end;
}

export default { render };
