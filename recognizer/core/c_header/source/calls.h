/* What a program calls. */

/* Begin a picture. */
static inline void propis_begin(propis_state *state) {
    uint8_t *bytes = (uint8_t *)state;
    uint32_t i;
    for (i = 0; i < sizeof *state; i++) bytes[i] = 0;
}

/* The next row of a picture: 28 bytes, paper 0, ink 255. Rows after the 28th are not looked at. */
static inline void propis_row(propis_state *state, const uint8_t *row) {
    uint8_t x, y = state->count;
    if (y >= PROPIS_SIDE) return;
    for (x = 0; x < PROPIS_SIDE; x++) state->at.ink.rows[y % 3][x] = row[x];
    if (y) propis_directions(state, (uint8_t)(y - 1));
    state->count = (uint8_t)(y + 1);
}

/* Index of the letter, once all rows are in; those that are missing are paper. */
static inline uint8_t propis_letter(propis_state *state) {
    uint8_t x, letter, best = 0;
    const int32_t *logits = state->at.values.logits;
    for (; state->count <= PROPIS_SIDE; state->count++) {
        for (x = 0; x < PROPIS_SIDE; x++) state->at.ink.rows[state->count % 3][x] = 0;
        if (state->count) propis_directions(state, (uint8_t)(state->count - 1));
    }
    propis_layers(state);
    for (letter = 1; letter < PROPIS_LETTERS; letter++) {
        if (logits[letter] > logits[best]) best = letter;
    }
    return best;
}

/* Scores of all letters, after propis_letter: the higher, the likelier. */
static inline const int32_t *propis_logits(const propis_state *state) { return state->at.values.logits; }

/* Index of the likeliest letter (place 0), of the one after it (1) and so on, after propis_letter. */
static inline uint8_t propis_best(const propis_state *state, uint8_t place) {
    const int32_t *logits = state->at.values.logits;
    uint8_t letter, other, before;
    for (letter = 0; letter < PROPIS_LETTERS; letter++) {
        for (before = other = 0; other < PROPIS_LETTERS; other++) {
            if (logits[other] > logits[letter] || (logits[other] == logits[letter] && other < letter)) before++;
        }
        if (before == place) break;
    }
    return letter;
}

/* The letter itself, in UTF-8 and ended by a 0. */
static inline void propis_name(uint8_t letter, char name[PROPIS_NAME_BYTES]) {
    uint8_t i;
    for (i = 0; i < PROPIS_NAME_BYTES; i++) {
        name[i] = (char)PROPIS_U8(propis_names + (uint16_t)letter * PROPIS_NAME_BYTES + i);
    }
}
