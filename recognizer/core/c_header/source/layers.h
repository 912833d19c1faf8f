/* The network: whole numbers from the input's bytes to the logits. */

/* Sum of weights times activations; `total` is the sum of the activations. */
static inline int32_t propis_sum(const propis_weight *weights, const uint8_t *a, uint16_t count, uint32_t total) {
#if PROPIS_BITS == 8
    int32_t sum = 0;
    (void)total;
    while (count--) sum += (int16_t)((int16_t)PROPIS_I8(weights++) * (int16_t)*a++);
    return sum;
#else
    uint32_t sum = 0; /* of codes: a weight is 2 * code - PROPIS_LARGEST */
    for (; count >= 8 / PROPIS_BITS; count = (uint16_t)(count - 8 / PROPIS_BITS)) {
        uint8_t codes = PROPIS_U8(weights++), n;
        uint16_t part = 0;
        for (n = 0; n < 8 / PROPIS_BITS; n++, codes = (uint8_t)(codes >> PROPIS_BITS)) {
            part = (uint16_t)(part + (uint16_t)((uint8_t)(codes & PROPIS_LARGEST) * (uint16_t)*a++));
        }
        sum += part;
    }
    if (count) {
        uint8_t codes = PROPIS_U8(weights);
        for (; count; count--, codes = (uint8_t)(codes >> PROPIS_BITS)) {
            sum += (uint16_t)((uint8_t)(codes & PROPIS_LARGEST) * (uint16_t)*a++);
        }
    }
    return (int32_t)(2 * sum) - (int32_t)(PROPIS_LARGEST * total);
#endif
}

static inline uint32_t propis_total(const uint8_t *a, uint16_t count) {
    uint32_t total = 0;
    while (count--) total += *a++;
    return total;
}

static inline int32_t propis_bias(const int16_t *biases, uint16_t neuron, uint8_t shift) {
    return (int32_t)PROPIS_I16(biases + neuron) * ((int32_t)1 << shift);
}

#if PROPIS_RELU
static inline void propis_hidden(const propis_weight *weights, const int16_t *biases, uint8_t bias_shift,
                                 const uint8_t *shifts, uint16_t n_in, uint16_t n_out, const uint8_t *a, uint8_t *to) {
    uint32_t total = propis_total(a, n_in);
    uint16_t neuron;
    for (neuron = 0; neuron < n_out; neuron++, weights += PROPIS_ROW(n_in)) {
        int32_t sum = propis_bias(biases, neuron, bias_shift) + propis_sum(weights, a, n_in, total);
        uint8_t shift = PROPIS_U8(shifts + neuron);
        sum += (int32_t)1 << shift >> 1;
        sum = sum < 0 ? 0 : sum >> shift;
        to[neuron] = (uint8_t)(sum > 255 ? 255 : sum);
    }
}
#else
static inline void propis_hidden(const propis_weight *weights, const int16_t *biases, uint8_t bias_shift,
                                 const uint16_t *multipliers, uint8_t shift, const uint8_t *table, uint16_t n_in,
                                 uint16_t n_out, const uint8_t *a, uint8_t *to) {
    uint32_t total = propis_total(a, n_in);
    uint16_t neuron;
    for (neuron = 0; neuron < n_out; neuron++, weights += PROPIS_ROW(n_in)) {
        int32_t sum = propis_bias(biases, neuron, bias_shift) + propis_sum(weights, a, n_in, total);
        int64_t y = (int64_t)sum * PROPIS_U16(multipliers + neuron) + ((int64_t)1 << shift >> 1);
        y = y < 0 ? 0 : y >> shift;
        to[neuron] = PROPIS_U8(table + (y > 255 ? 255 : (uint8_t)y));
    }
}
#endif

/* (sum * multiplier + 2^15) / 2^16, rounded down, for |sum| < 2^24: in two halves, so that 32 bits suffice */
static inline int32_t propis_scaled(int32_t sum, uint16_t multiplier) {
    int32_t high = propis_down(sum, 12) * multiplier;
    uint32_t low = (uint32_t)(sum & 4095) * multiplier + 32768u;
    return propis_down(high + (int32_t)(low >> 12), 4);
}

static inline void propis_last(const propis_weight *weights, const int16_t *biases, uint8_t bias_shift,
                               const uint16_t *multipliers, uint16_t n_in, const uint8_t *a, int32_t *logits) {
    uint32_t total = propis_total(a, n_in);
    uint8_t letter;
    for (letter = 0; letter < PROPIS_LETTERS; letter++, weights += PROPIS_ROW(n_in)) {
        int32_t sum = propis_bias(biases, letter, bias_shift) + propis_sum(weights, a, n_in, total);
        logits[letter] = propis_scaled(sum, PROPIS_U16(multipliers + letter));
    }
}
