#ifdef PROPIS_STROKES
/* IEEE doubles in whole numbers: + - * / root and floor, rounded to the nearest, as the ink specification asks for.
   Value m * 2^e, m of 53 bits or 0. Neither infinities nor numbers near 0 ever come. */

typedef struct {
    uint64_t m;
    int16_t e;
    uint8_t minus;
} propis_real;

/* m * 2^e, and something below if `rest`; then m has 55 bits at least */
static inline propis_real propis_rounded(uint64_t m, int16_t e, uint8_t rest, uint8_t minus) {
    propis_real r;
    uint8_t low;
    r.m = m, r.e = 0, r.minus = 0;
    if (!m) return r;
    for (; m >> 55; e++, m >>= 1) rest = (uint8_t)(rest | (m & 1));
    for (; !(m >> 54); e--) m <<= 1;
    low = (uint8_t)(m & 3);
    m >>= 2;
    if (low == 3 || (low == 2 && (rest || (m & 1)))) m++;
    r.m = m >> 53 ? m >> 1 : m;
    r.e = (int16_t)(e + 2 + (m >> 53 ? 1 : 0));
    r.minus = minus;
    return r;
}

/* value * 2^e */
static inline propis_real propis_of(int64_t value, int16_t e) {
    return propis_rounded(value < 0 ? (uint64_t)-value : (uint64_t)value, e, 0, value < 0);
}

static inline propis_real propis_add(propis_real a, propis_real b) {
    uint64_t large, small;
    uint8_t rest = 0;
    int16_t apart;
    if (!a.m) return b;
    if (!b.m) return a;
    if (a.e < b.e || (a.e == b.e && a.m < b.m)) {
        propis_real other = a;
        a = b;
        b = other;
    }
    apart = (int16_t)(a.e - b.e);
    large = a.m << 9;
    small = b.m << 9;
    rest = apart > 63 || (apart && (small << (64 - apart))) ? 1 : 0;
    small = apart > 63 ? 0 : small >> apart;
    return propis_rounded(a.minus == b.minus ? large + small : large - small - rest, (int16_t)(a.e - 9), rest, a.minus);
}

static inline propis_real propis_negative(propis_real a) {
    a.minus = !a.minus;
    return a;
}

static inline propis_real propis_subtract(propis_real a, propis_real b) { return propis_add(a, propis_negative(b)); }

static inline propis_real propis_times(propis_real a, propis_real b) {
    uint64_t a1 = a.m >> 32, a0 = a.m & 0xffffffffu, b1 = b.m >> 32, b0 = b.m & 0xffffffffu, low = a0 * b0;
    uint64_t middle = a1 * b0 + a0 * b1 + (low >> 32), high = a1 * b1 + (middle >> 32);
    low = middle << 32 | (low & 0xffffffffu);
    return propis_rounded(high << 20 | low >> 44, (int16_t)(a.e + b.e + 44), low << 20 ? 1 : 0, a.minus != b.minus);
}

static inline propis_real propis_over(propis_real a, propis_real b) {
    uint64_t rest = a.m, quotient = 0;
    uint8_t bit;
    for (bit = 0; bit < 56; bit++, rest <<= 1) {
        quotient <<= 1;
        if (rest >= b.m) {
            rest -= b.m;
            quotient |= 1;
        }
    }
    return propis_rounded(quotient, (int16_t)(a.e - b.e - 55), rest ? 1 : 0, a.minus != b.minus);
}

static inline propis_real propis_square_root(propis_real a) {
    uint64_t m = a.m, root = 0, rest = 0;
    int16_t e = a.e, pair;
    if (!m) return a;
    if (e & 1) {
        m <<= 1;
        e--;
    }
    for (pair = 52; pair > -60; pair = (int16_t)(pair - 2)) {
        rest = rest << 2 | (pair < 0 ? 0 : m >> pair & 3);
        root <<= 1;
        if (rest >= 2 * root + 1) {
            rest -= 2 * root + 1;
            root |= 1;
        }
    }
    return propis_rounded(root, (int16_t)(e / 2 - 29), rest ? 1 : 0, 0);
}

static inline int64_t propis_floor(propis_real a) {
    int64_t whole = a.e >= 0 ? (int64_t)(a.m << a.e) : a.e < -63 ? 0 : (int64_t)(a.m >> -a.e);
    uint8_t rest = a.m && a.e < 0 && (a.e < -63 || (a.m & (((uint64_t)1 << -a.e) - 1)));
    return a.minus ? -whole - rest : whole;
}

static inline uint8_t propis_is_less(propis_real a, propis_real b) {
    propis_real apart = propis_subtract(a, b);
    return apart.m && apart.minus;
}

static inline propis_real propis_least(propis_real a, propis_real b) { return propis_is_less(b, a) ? b : a; }
static inline propis_real propis_most(propis_real a, propis_real b) { return propis_is_less(a, b) ? b : a; }
#endif
