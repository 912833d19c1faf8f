/* Reads pictures of 784 bytes from standard input until its end; writes of each the letter's index, the input that was
   made of it, and the logits, as the machine has them. PROPIS_BARE: on Linux on ARM, without any library. */

#ifdef PROPIS_TWICE /* a second inclusion changes nothing */
#include "model.h"
#endif
#include "model.h"

#ifdef PROPIS_BARE
static long call(long number, long a, const void *b, long c) {
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register const void *r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    __asm__ volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
    return r0;
}
static long take(uint8_t *bytes, long count) {
    long taken = 0, now;
    while (taken < count && (now = call(3, 0, bytes + taken, count - taken)) > 0) taken += now;
    return taken;
}
static void give(const void *bytes, long count) { call(4, 1, bytes, count); }
int main(void);
void _start(void);
void _start(void) { call(1, main(), 0, 0); }
int raise(int signal);
int raise(int signal) { return signal; } /* libgcc's division calls it, for a divisor of 0 */
#else
#include <stdio.h>
static long take(uint8_t *bytes, long count) { return (long)fread(bytes, 1, (size_t)count, stdin); }
static void give(const void *bytes, long count) { fwrite(bytes, 1, (size_t)count, stdout); }
#endif

static uint8_t picture[784];
static propis_state state;

int main(void) {
    while (take(picture, sizeof picture) == (long)sizeof picture) {
        uint8_t letter, y;
        propis_begin(&state);
        for (y = 0; y < PROPIS_SIDE; y++) propis_row(&state, picture + PROPIS_SIDE * y);
        letter = propis_letter(&state);
        if (letter != propis_best(&state, 0)) return 1;
        give(&letter, 1);
        give(state.input, PROPIS_INPUTS);
        give(propis_logits(&state), PROPIS_LETTERS * (long)sizeof(int32_t));
    }
    return 0;
}
