/* Layers in whole numbers, for many images: the very functions that an exported header has, with the model's arrays as
   arguments. Compiled once with PROPIS_RELU 1 and once with 0, which is what tells the two kinds of hidden layers. */

#include <stdint.h>

#define PROPIS_I8(place) (*(place))
#define PROPIS_U8(place) (*(place))
#define PROPIS_U16(place) (*(place))
#define PROPIS_I16(place) (*(place))
#define PROPIS_BITS 8
#define PROPIS_LARGEST 127
#define PROPIS_ROW(n_in) ((uint32_t)(n_in))
#define PROPIS_LETTERS 1 /* one call of propis_last is one letter */

typedef int8_t propis_weight;

static inline int32_t propis_down(int32_t value, uint8_t shift) { return value >> shift; }

#include "layers.h"

#if PROPIS_RELU
/* to (images, n_out), bytes, of a (images, n_in), bytes: neuron by neuron, whose weights stay in the cache. */
__attribute__((export_name("shifted"))) void shifted(const int8_t *weights, const int16_t *biases, int32_t bias_shift,
                                                     const uint8_t *shifts, int32_t n_in, int32_t n_out,
                                                     const uint8_t *a, uint8_t *to, int32_t images) {
    for (int32_t neuron = 0; neuron < n_out; neuron++) {
        for (int32_t image = 0; image < images; image++) {
            propis_hidden(weights + neuron * n_in, biases + neuron, (uint8_t)bias_shift, shifts + neuron,
                          (uint16_t)n_in, 1, a + image * n_in, to + image * n_out + neuron);
        }
    }
}

/* logits (images, n_out) of a (images, n_in), bytes. */
__attribute__((export_name("logits"))) void logits(const int8_t *weights, const int16_t *biases, int32_t bias_shift,
                                                   const uint16_t *multipliers, int32_t n_in, int32_t n_out,
                                                   const uint8_t *a, int32_t *to, int32_t images) {
    for (int32_t letter = 0; letter < n_out; letter++) {
        for (int32_t image = 0; image < images; image++) {
            propis_last(weights + letter * n_in, biases + letter, (uint8_t)bias_shift, multipliers + letter,
                        (uint16_t)n_in, a + image * n_in, to + image * n_out + letter);
        }
    }
}
#else
/* The same as `shifted`, where sums are multiplied and looked up in a table. */
__attribute__((export_name("looked_up"))) void looked_up(const int8_t *weights, const int16_t *biases,
                                                         int32_t bias_shift, const uint16_t *multipliers, int32_t shift,
                                                         const uint8_t *table, int32_t n_in, int32_t n_out,
                                                         const uint8_t *a, uint8_t *to, int32_t images) {
    for (int32_t neuron = 0; neuron < n_out; neuron++) {
        for (int32_t image = 0; image < images; image++) {
            propis_hidden(weights + neuron * n_in, biases + neuron, (uint8_t)bias_shift, multipliers + neuron,
                          (uint8_t)shift, table, (uint16_t)n_in, 1, a + image * n_in, to + image * n_out + neuron);
        }
    }
}
#endif
