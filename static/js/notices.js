/** A line on whatever page one is on when a job that one started has ended: of the public pages and of the admin. */
(() => {
  const ADDRESS = "/overview/notices/";
  const EVERY = 10_000; // milliseconds
  const SEEN_UNTIL = "propis-notices-seen";
  const list = document.createElement("ul");
  list.className = "notices";
  list.setAttribute("aria-live", "polite");
  let until = "";
  let shown = "";

  /** What is remembered between pages; a browser that remembers nothing gets no notices. */
  const remembered = () => {
    try {
      return localStorage.getItem(SEEN_UNTIL) ?? "";
    } catch {
      return "";
    }
  };

  const remember = () => {
    try {
      localStorage.setItem(SEEN_UNTIL, until);
    } catch {
      /* it is not allowed to */
    }
  };

  const haveSeen = () => {
    remember();
    show("");
  };

  function show(content) {
    if (content === shown) {
      return;
    }
    shown = content;
    list.innerHTML = content; // of our own server, which escapes names
    list.querySelectorAll("a, button").forEach((each) => each.addEventListener("click", haveSeen));
  }

  async function look() {
    if (document.hidden) {
      return true;
    }
    const since = remembered();
    const answer = await fetch(`${ADDRESS}?since=${since}`).catch(() => null);
    if (!answer?.ok) {
      return true;
    }
    if (answer.redirected) {
      return false; // nobody is signed in any more
    }
    until = answer.headers.get("X-Until");
    show((await answer.text()).trim());
    if (!since) {
      remember();
    }
    return true;
  }

  async function goOn() {
    if (await look()) {
      setTimeout(goOn, EVERY);
    }
  }

  function begin() {
    const content = document.querySelector("div#content"); // of the admin, whose buttons stick to the foot of the window
    list.classList.toggle("notices-within", content !== null);
    if (content) {
      content.prepend(list);
    } else {
      document.body.append(list);
    }
    document.addEventListener("visibilitychange", () => look());
    goOn();
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin); // the admin's theme loads scripts at once
  } else {
    begin();
  }
})();
