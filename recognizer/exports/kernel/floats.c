/* A layer in 32-bit floats, for many images at once: four neurons and two images meet in eight sums of four lanes. */

#include <stdint.h>
#include <wasm_simd128.h>

#define NEURONS 4
#define TILE 32 /* images whose activations stay in the processor's cache while all neurons go over them */

static inline float sum_of(v128_t lanes) {
    return wasm_f32x4_extract_lane(lanes, 0) + wasm_f32x4_extract_lane(lanes, 1) +
           (wasm_f32x4_extract_lane(lanes, 2) + wasm_f32x4_extract_lane(lanes, 3));
}

static inline float activated(float z, int32_t is_relu) { return is_relu && z < 0 ? 0 : z; }

/* `count` neurons (at most NEURONS) of `images` images (at most two). */
static inline void meet(const float *weights, const float *biases, int32_t n_in, int32_t n_out, const float *a,
                        float *to, int32_t count, int32_t images, int32_t is_relu) {
    const int32_t whole = n_in & ~3;
    v128_t sums[2][NEURONS] = {{{0}}};
    for (int32_t place = 0; place < whole; place += 4) {
        const v128_t first = wasm_v128_load(a + place);
        const v128_t second = images == 2 ? wasm_v128_load(a + n_in + place) : first;
        for (int32_t neuron = 0; neuron < count; neuron++) {
            const v128_t row = wasm_v128_load(weights + neuron * n_in + place);
            sums[0][neuron] = wasm_f32x4_add(sums[0][neuron], wasm_f32x4_mul(row, first));
            if (images == 2) sums[1][neuron] = wasm_f32x4_add(sums[1][neuron], wasm_f32x4_mul(row, second));
        }
    }
    for (int32_t image = 0; image < images; image++) {
        for (int32_t neuron = 0; neuron < count; neuron++) {
            float z = biases[neuron] + sum_of(sums[image][neuron]);
            for (int32_t place = whole; place < n_in; place++) {
                z += weights[neuron * n_in + place] * a[image * n_in + place];
            }
            to[image * n_out + neuron] = activated(z, is_relu);
        }
    }
}

static inline void row_of(const float *weights, const float *biases, int32_t n_in, int32_t n_out, const float *a,
                          float *to, int32_t count, int32_t images, int32_t is_relu) {
    int32_t image = 0;
    for (; image + 2 <= images; image += 2) {
        meet(weights, biases, n_in, n_out, a + image * n_in, to + image * n_out, count, 2, is_relu);
    }
    if (image < images) meet(weights, biases, n_in, n_out, a + image * n_in, to + image * n_out, count, 1, is_relu);
}

/* to (images, n_out) = a (images, n_in) times weights (n_out, n_in), with biases, and relu if it is asked for. */
__attribute__((export_name("floats"))) void floats(const float *weights, const float *biases, int32_t n_in,
                                                   int32_t n_out, const float *a, float *to, int32_t images,
                                                   int32_t is_relu) {
    for (int32_t begun = 0; begun < images; begun += TILE) {
        const int32_t here = images - begun < TILE ? images - begun : TILE;
        const float *from = a + begun * n_in;
        float *into = to + begun * n_out;
        int32_t neuron = 0;
        for (; neuron + NEURONS <= n_out; neuron += NEURONS) {
            row_of(weights + neuron * n_in, biases + neuron, n_in, n_out, from, into + neuron, NEURONS, here, is_relu);
        }
        for (; neuron < n_out; neuron++) {
            row_of(weights + neuron * n_in, biases + neuron, n_in, n_out, from, into + neuron, 1, here, is_relu);
        }
    }
}
