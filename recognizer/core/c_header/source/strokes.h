#ifdef PROPIS_STROKES
/* Strokes become the picture: the ink specification moments-2. */

enum { PROPIS_FRAME = 84, PROPIS_WIDE = 116, PROPIS_MARGIN = 16, PROPIS_PEN = 76 };
enum { PROPIS_READ, PROPIS_EMPTY, PROPIS_TOO_MANY, PROPIS_TOO_FAR, PROPIS_SCRIBBLE };

typedef struct {
    uint8_t frame[PROPIS_FRAME][PROPIS_FRAME]; /* 1 where there is ink */
    uint8_t upright[PROPIS_FRAME][PROPIS_WIDE];
    int32_t rows[PROPIS_FRAME], columns[PROPIS_FRAME]; /* where samples are taken, in 1/256 of a pixel */
    uint8_t picture[PROPIS_SIDE * PROPIS_SIDE];
    uint32_t work;
} propis_paper;

/* (((value - middle) * scale + 42) * 16 + 1/2), rounded down */
static inline int32_t propis_unit(int32_t value, propis_real middle, propis_real scale) {
    propis_real v = propis_times(propis_subtract(propis_of(value, 0), middle), scale);
    v = propis_times(propis_add(v, propis_of(42, 0)), propis_of(16, 0));
    return (int32_t)propis_floor(propis_add(v, propis_of(1, -1)));
}

static inline int32_t propis_size(int32_t value) { return value < 0 ? -value : value; }

static inline void propis_line(propis_paper *paper, const int32_t *from, const int32_t *to) {
    int32_t dx = to[0] - from[0], dy = to[1] - from[1], row, column;
    int64_t length = (int64_t)dx * dx + (int64_t)dy * dy, pen = PROPIS_PEN * PROPIS_PEN;
    int32_t left = (from[0] < to[0] ? from[0] : to[0]) - PROPIS_PEN, top = (from[1] < to[1] ? from[1] : to[1]) - PROPIS_PEN;
    int32_t right = left + propis_size(dx) + 2 * PROPIS_PEN, bottom = top + propis_size(dy) + 2 * PROPIS_PEN;
    paper->work += (uint32_t)(((propis_size(dx) + 152) / 16 + 2) * ((propis_size(dy) + 152) / 16 + 2));
    if (paper->work > (uint32_t)1 << 18) return;
    for (row = 0; row < PROPIS_FRAME; row++) {
        if (16 * row + 8 < top || 16 * row + 8 > bottom) continue;
        for (column = 0; column < PROPIS_FRAME; column++) {
            int64_t px = 16 * column + 8 - from[0], py = 16 * row + 8 - from[1];
            int64_t along = px * dx + py * dy, cross = px * dy - py * dx;
            if (16 * column + 8 < left || 16 * column + 8 > right) continue;
            if ((length && along >= 0 && along <= length && cross * cross <= pen * length) || px * px + py * py <= pen ||
                (px - dx) * (px - dx) + (py - dy) * (py - dy) <= pen) {
                paper->frame[row][column] = 1;
            }
        }
    }
}

/* One stroke: the first point, the last, and those between that are two pixels from the one kept before. */
static inline void propis_stroke(propis_paper *paper, const int32_t (*points)[2], uint32_t count, const propis_real *middle,
                                 propis_real scale) {
    int32_t kept[2], now[2];
    uint32_t i, lines = 0;
    for (i = 0; i < count; i++) {
        int64_t x, y;
        now[0] = propis_unit(points[i][0], middle[0], scale);
        now[1] = propis_unit(points[i][1], middle[1], scale);
        if (!i) {
            kept[0] = now[0];
            kept[1] = now[1];
            continue;
        }
        x = now[0] - kept[0];
        y = now[1] - kept[1];
        if (i + 1 < count ? x * x + y * y < 1024 : !x && !y) continue;
        propis_line(paper, kept, now);
        lines++;
        kept[0] = now[0];
        kept[1] = now[1];
    }
    if (!lines) propis_line(paper, kept, kept);
}

/* Each row is moved, so that half of the slant is gone. */
static inline void propis_straighten(propis_paper *paper) {
    int64_t m0 = 0, down = 0, across = 0, down2 = 0, both = 0, spread, shift;
    int32_t row, column;
    propis_real slope, middle;
    for (row = 0; row < PROPIS_FRAME; row++) {
        for (column = 0; column < PROPIS_FRAME; column++) {
            if (!paper->frame[row][column]) continue;
            m0++;
            down += row;
            across += column;
            down2 += row * row;
            both += row * column;
        }
    }
    spread = m0 * down2 - down * down;
    slope = propis_over(propis_of(m0 * both - down * across, 0), propis_of(2 * (spread > 1 ? spread : 1), 0));
    slope = propis_least(propis_most(slope, propis_of(-1, -1)), propis_of(1, -1));
    middle = propis_over(propis_of(down, 0), propis_of(m0, 0));
    for (row = 0; row < PROPIS_FRAME; row++) {
        propis_real moved = propis_times(slope, propis_subtract(propis_of(row, 0), middle));
        shift = propis_floor(propis_add(moved, propis_of(1, -1)));
        for (column = 0; column < PROPIS_WIDE; column++) {
            int64_t from = column - PROPIS_MARGIN + shift;
            paper->upright[row][column] = from >= 0 && from < PROPIS_FRAME ? paper->frame[row][from] : 0;
        }
    }
}

/* Centre and spread of the ink along one axis. */
static inline void propis_moments(const propis_paper *paper, uint8_t axis, propis_real *centre, propis_real *spread) {
    int64_t m0 = 0, m1 = 0, m2 = 0;
    int32_t row, column;
    for (row = 0; row < PROPIS_FRAME; row++) {
        for (column = 0; column < PROPIS_WIDE; column++) {
            int32_t place = axis ? column : row;
            if (!paper->upright[row][column]) continue;
            m0++;
            m1 += place;
            m2 += place * place;
        }
    }
    *centre = propis_over(propis_of(m1, 0), propis_of(m0, 0));
    *spread = propis_over(propis_square_root(propis_of(m0 * m2 - m1 * m1, 0)), propis_of(m0, 0));
}

/* Where samples are taken along an axis. */
static inline void propis_places(int32_t *places, propis_real centre, propis_real spread, propis_real other) {
    propis_real least = propis_of(0x112e0be826d695, -82), target = propis_of(37, -1), factor; /* 10^-9, 18.5 */
    int32_t i;
    if (propis_is_less(spread, other)) {
        target = propis_times(target, propis_square_root(propis_over(spread, propis_most(other, least))));
    }
    factor = propis_over(target, propis_most(spread, least));
    factor = propis_least(propis_most(factor, propis_of(0x13333333333333, -53)), propis_of(2, 0)); /* 0.6 ... 2 */
    for (i = 0; i < PROPIS_FRAME; i++) {
        propis_real place = propis_add(centre, propis_over(propis_of(2 * i - 83, -1), factor));
        places[i] = (int32_t)propis_floor(propis_times(place, propis_of(256, 0)));
    }
}

static inline uint32_t propis_pixel(const propis_paper *paper, int32_t row, int32_t column) {
    return row >= 0 && row < PROPIS_FRAME && column >= 0 && column < PROPIS_WIDE ? paper->upright[row][column] : 0;
}

static inline void propis_sample(propis_paper *paper) {
    uint32_t number, i, j;
    for (number = 0; number < PROPIS_SIDE * PROPIS_SIDE; number++) {
        uint32_t sum = 0;
        for (i = 0; i < 3; i++) {
            for (j = 0; j < 3; j++) {
                int32_t y = paper->rows[number / PROPIS_SIDE * 3 + i], x = paper->columns[number % PROPIS_SIDE * 3 + j];
                int32_t row = propis_down(y, 8), column = propis_down(x, 8);
                uint32_t low = (uint32_t)(y - 256 * row), right = (uint32_t)(x - 256 * column);
                sum += propis_pixel(paper, row, column) * (256 - low) * (256 - right);
                sum += propis_pixel(paper, row, column + 1) * (256 - low) * right;
                sum += propis_pixel(paper, row + 1, column) * low * (256 - right);
                sum += propis_pixel(paper, row + 1, column + 1) * low * right;
            }
        }
        paper->picture[number] = (uint8_t)((255 * sum + 294912u) / 589824u);
    }
}

/* paper->picture from strokes: all points one after the other, and how many each stroke has. PROPIS_READ, or why not. */
static inline uint8_t propis_draw(propis_paper *paper, const int32_t (*points)[2], const uint32_t *counts, uint32_t strokes) {
    propis_real middle[2], scale, centre[2], spread[2];
    int32_t low[2] = {0, 0}, high[2] = {0, 0};
    uint32_t total = 0, drawn = 0, i;
    uint8_t axis, *bytes = (uint8_t *)paper;
    int64_t longest;
    for (i = 0; i < sizeof *paper; i++) bytes[i] = 0;
    for (i = 0; i < strokes; i++) {
        if (counts[i] > 10000 || (total += counts[i]) > 10000) return PROPIS_TOO_MANY;
        if (counts[i]) drawn++;
        if (drawn > 1000) return PROPIS_TOO_MANY;
    }
    if (!total) return PROPIS_EMPTY;
    for (axis = 0; axis < 2; axis++) {
        low[axis] = high[axis] = points[0][axis];
        for (i = 0; i < total; i++) {
            int32_t value = points[i][axis];
            if (value < -1000000 || value > 1000000) return PROPIS_TOO_FAR;
            low[axis] = value < low[axis] ? value : low[axis];
            high[axis] = value > high[axis] ? value : high[axis];
        }
        middle[axis] = propis_of((int64_t)low[axis] + high[axis], -1);
    }
    longest = high[0] - low[0] > high[1] - low[1] ? high[0] - low[0] : high[1] - low[1];
    scale = longest ? propis_over(propis_of(113, -1), propis_of(longest, 0)) : propis_of(1, 0);
    for (i = 0; i < strokes; points += counts[i++]) {
        if (counts[i]) propis_stroke(paper, points, counts[i], middle, scale);
    }
    if (paper->work > (uint32_t)1 << 18) return PROPIS_SCRIBBLE;
    propis_straighten(paper);
    for (axis = 0; axis < 2; axis++) propis_moments(paper, axis, centre + axis, spread + axis);
    propis_places(paper->rows, centre[0], spread[0], spread[1]);
    propis_places(paper->columns, centre[1], spread[1], spread[0]);
    propis_sample(paper);
    return PROPIS_READ;
}
#endif
