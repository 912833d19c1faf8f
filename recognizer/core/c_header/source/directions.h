/* Eight directions of the strokes, taken as the rows of a picture come in. */

/* min(255, floor(sqrt(value))) */
static inline uint8_t propis_root(uint32_t value) {
    uint8_t root = 0, bit;
    if (value >= 65025u) return 255;
    for (bit = 128; bit; bit = (uint8_t)(bit >> 1)) {
        uint8_t next = (uint8_t)(root | bit);
        if ((uint16_t)((uint16_t)next * next) <= value) root = next;
    }
    return root;
}

/* One part of a gradient, seen through each of the windows that column `x` lies in. */
static inline void propis_see(propis_ink *ink, uint8_t direction, uint16_t part, uint8_t x) {
    uint8_t first = PROPIS_U8(propis_first + x), n;
    uint32_t *across = ink->across + direction * PROPIS_GRID + first;
    for (n = 0; n < 4; n++) {
        uint8_t weight = PROPIS_U8(propis_windows + 4 * x + n);
        if (weight) across[n] += (uint32_t)part * weight;
    }
}

/* A gradient as a sum of two: along an axis and along a diagonal. */
static inline void propis_split(propis_ink *ink, int16_t across, int16_t down, uint8_t x) {
    uint16_t width = (uint16_t)(across < 0 ? -across : across), height = (uint16_t)(down < 0 ? -down : down);
    if (width > height) propis_see(ink, across > 0 ? 0 : 4, (uint16_t)(width - height), x);
    if (height > width) propis_see(ink, down > 0 ? 2 : 6, (uint16_t)(height - width), x);
    if (width && height) {
        uint8_t direction = across > 0 ? (down > 0 ? 1 : 7) : (down > 0 ? 3 : 5);
        propis_see(ink, direction, width < height ? width : height, x);
    }
}

/* Sobel's gradient along the row between two others. */
static inline void propis_gradients(propis_ink *ink, const uint8_t *up, const uint8_t *row, const uint8_t *low) {
    int16_t smooth[3] = {0, 0, 0}, steep[3] = {0, 0, 0}; /* of the columns left of x, at x, right of it */
    uint8_t x;
    for (x = 0; x <= PROPIS_SIDE; x++) {
        smooth[0] = smooth[1];
        smooth[1] = smooth[2];
        smooth[2] = 0;
        steep[0] = steep[1];
        steep[1] = steep[2];
        steep[2] = 0;
        if (x < PROPIS_SIDE) {
            smooth[2] = (int16_t)(up[x] + 2 * row[x] + low[x]);
            steep[2] = (int16_t)(low[x] - up[x]);
        }
        if (x) {
            int16_t across = (int16_t)(smooth[2] - smooth[0]);
            int16_t down = (int16_t)(steep[0] + 2 * steep[1] + steep[2]);
            if (across || down) propis_split(ink, across, down, (uint8_t)(x - 1));
        }
    }
}

/* The row of windows is over: its sums become bytes of the input. */
static inline void propis_close(propis_state *state, uint8_t window) {
    uint32_t *sums = state->at.ink.open[window & 3];
    uint8_t direction, x;
    for (direction = 0; direction < PROPIS_DIRECTIONS; direction++) {
        uint8_t *bytes = state->input + (direction * PROPIS_GRID + window) * PROPIS_GRID;
        for (x = 0; x < PROPIS_GRID; x++, sums++) {
            bytes[x] = propis_root(*sums >> 6);
            *sums = 0; /* for the window four rows of windows on */
        }
    }
}

/* Row `y` of the picture, whose neighbours are there. */
static inline void propis_directions(propis_state *state, uint8_t y) {
    propis_ink *ink = &state->at.ink;
    uint8_t first = PROPIS_U8(propis_first + y), n, i;
    for (i = 0; i < PROPIS_DIRECTIONS * PROPIS_GRID; i++) ink->across[i] = 0;
    propis_gradients(ink, ink->rows[(y + 2) % 3], ink->rows[y % 3], ink->rows[(y + 1) % 3]);
    for (n = 0; n < 4; n++) {
        uint8_t weight = PROPIS_U8(propis_windows + 4 * y + n), window = (uint8_t)(first + n);
        uint32_t *sums = ink->open[window & 3];
        if (!weight) continue;
        for (i = 0; i < PROPIS_DIRECTIONS * PROPIS_GRID; i++) {
            if (ink->across[i]) sums[i] += ink->across[i] * weight;
        }
        if (PROPIS_U8(propis_lasts + window) == y) propis_close(state, window);
    }
}
