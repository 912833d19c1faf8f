/* Memory of one reading; what the two stages need in turn shares its place. */

typedef struct {
    uint8_t rows[3][PROPIS_SIDE];                     /* the picture's last three */
    uint32_t across[PROPIS_DIRECTIONS * PROPIS_GRID]; /* one row seen through the columns of windows */
    uint32_t open[4][PROPIS_DIRECTIONS * PROPIS_GRID]; /* sums of the rows of windows that are not over yet */
} propis_ink;

typedef struct {
    int32_t logits[PROPIS_LETTERS];
    uint8_t even[PROPIS_WIDEST], odd[PROPIS_WIDEST]; /* activations of every other layer */
} propis_values;

typedef struct {
    uint8_t count; /* rows so far */
    uint8_t input[PROPIS_INPUTS];
    union {
        propis_ink ink;
        propis_values values;
    } at;
} propis_state;

/* value / 2^shift, rounded down, whatever the compiler makes of >> with negative numbers */
static inline int32_t propis_down(int32_t value, uint8_t shift) {
    return value < 0 ? ~(~value >> shift) : value >> shift;
}
