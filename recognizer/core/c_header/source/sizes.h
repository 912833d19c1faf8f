#define PROPIS_MODEL "@model@" /* the first 16 digits of the SHA-256 of the model's file */
#define PROPIS_LETTERS @letters@
#define PROPIS_INPUTS @inputs@
#define PROPIS_SIDE @side@ /* of a picture, pixels */
#define PROPIS_DIRECTIONS @directions@
#define PROPIS_GRID @grid@ /* windows along each axis */
#define PROPIS_WIDEST @widest@ /* neurons of the widest hidden layer */
#define PROPIS_BITS @bits@ /* of a weight */
#define PROPIS_LARGEST @largest@ /* weight */
#define PROPIS_RELU @relu@ /* whether hidden layers shift their sums, and have no tables */
#define PROPIS_ROW(n_in) (((uint32_t)(n_in) * PROPIS_BITS + 7) / 8) /* bytes of a neuron's weights */

typedef @weight@ propis_weight;
