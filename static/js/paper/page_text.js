/** The text of a page: letters in lines, those in doubt marked. */

export class PageText {
  #place;

  constructor(place) {
    this.#place = place;
  }

  /** Show letters {letter, line, space_before, state}; those that are removed are left out. */
  show(letters) {
    this.#place.replaceChildren(...letters.filter((each) => each.state !== "removed").flatMap(this.#nodes));
  }

  /** The same as plain text. */
  plain(letters) {
    return letters
      .filter((each) => each.state !== "removed")
      .map((each, place, all) => before(each, all[place - 1]) + each.letter)
      .join("");
  }

  #nodes = (each, place, all) => {
    const space = document.createTextNode(before(each, all[place - 1]));
    if (each.state !== "doubtful" && each.state !== "refused") {
      return [space, document.createTextNode(each.letter)];
    }
    const mark = document.createElement("mark");
    mark.dataset.state = each.state;
    mark.textContent = each.letter;
    return [space, mark];
  };
}

function before(letter, last) {
  if (!last) {
    return "";
  }
  if (letter.line !== last.line) {
    return "\n";
  }
  return letter.space_before ? " " : "";
}
